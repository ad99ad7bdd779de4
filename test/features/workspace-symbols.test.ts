import { expect, test } from 'vitest';
import { workspaceSymbols } from '../../server/features/workspace-symbols.ts';
import { workspaceAt } from '../checks.ts';
import { shopAt } from './shop.ts';

const { context } = workspaceAt(shopAt('kind: Serv$0ice'));
const found = (query: string): string =>
  workspaceSymbols(context.snapshot, query)
    .map(({ name, container, kind }) => `${name}  ${container}  ${kind}`)
    .join('\n') || 'nothing';

test('everything, where nothing is asked for', () => {
  expect(found('')).toMatchInlineSnapshot(`
    "api  shop  Pod
    api-to-data  shop  NetworkPolicy
    data  Namespace  Namespace
    shop  Namespace  Namespace
    web  data  Pod
    web  shop  NetworkPolicy
    web  shop  Deployment
    web  shop  Service"
  `);
});

test('by name, kind, namespace, or some letters of these; whole names first', () => {
  expect(found('web')).toMatchInlineSnapshot(`
    "web  data  Pod
    web  shop  NetworkPolicy
    web  shop  Deployment
    web  shop  Service"
  `);
  expect(found('api')).toMatchInlineSnapshot(`
    "api  shop  Pod
    api-to-data  shop  NetworkPolicy"
  `);
  expect(found('data/')).toMatchInlineSnapshot(`"web  data  Pod"`);
  expect(found('service')).toMatchInlineSnapshot(`"web  shop  Service"`);
  expect(found('npapid')).toMatchInlineSnapshot(`"api-to-data  shop  NetworkPolicy"`);
  expect(found('zzz')).toMatchInlineSnapshot(`"nothing"`);
});
