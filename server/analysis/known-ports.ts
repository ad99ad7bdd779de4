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
  [10250, 'the kubelet'],
  [11211, 'memcached'],
  [27017, 'MongoDB'],
]);
