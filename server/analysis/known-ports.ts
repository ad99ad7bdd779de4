/** Ports that give control over a machine or its data to whoever reaches them, and what listens there. */
export const DANGEROUS_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet, without encryption'],
  [445, 'SMB file shares'],
  [1433, 'SQL Server'],
  [2375, 'the Docker API, without a password'],
  [2379, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'Remote Desktop'],
  [5432, 'PostgreSQL'],
  [5900, 'VNC'],
  [6379, 'Redis'],
  [9200, 'Elasticsearch'],
  [11211, 'memcached'],
  [27017, 'MongoDB'],
]);

/**
 * Ports at which the proxies of service meshes listen, which no container declares (Istio, "Application requirements": 15001, 15006,
 * 15008, 15020, 15021, 15090; Linkerd, "Ports in Linkerd": 4140, 4143, 4190, 4191).
 */
export const MESH_PORTS: ReadonlySet<number> = new Set([4140, 4143, 4190, 4191, 15001, 15006, 15008, 15020, 15021, 15090]);

/** Services that use both protocols on one number (IANA): DNS, Kerberos, LDAP, syslog, SIP, STUN. */
export const DUAL_PORTS: ReadonlyMap<number, string> = new Map([
  [53, 'DNS'],
  [88, 'Kerberos'],
  [389, 'LDAP'],
  [514, 'Syslog'],
  [3478, 'STUN'],
  [5060, 'SIP'],
]);
