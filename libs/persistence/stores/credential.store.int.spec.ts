import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

function insert(id: string, name = `credential ${id}`) {
  return database.stores.credentials.insert({ id, name, kind: 'BASIC', sealedSecret: `sealed ${id}` });
}

describe('PostgresCredentialStore', () => {
  it('shows a credential without its secret; only sealedSecret reads that', async () => {
    const stored = await insert('one');
    expect(stored).toEqual({
      id: 'one',
      name: 'credential one',
      kind: 'BASIC',
      createdAt: expect.any(Date),
      rotatedAt: null,
      lastUsedAt: null,
    });
    expect(await database.stores.credentials.find('one')).toEqual(stored);
    expect(await database.stores.credentials.sealedSecret('one')).toBe('sealed one');
    const listed = await database.readModels.credentials({ first: 50, after: null });
    expect(JSON.stringify(listed.edges)).not.toContain('sealed');
  });

  it('refuses a taken name', async () => {
    await insert('two', 'deploy');
    await expect(insert('three', 'deploy')).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining('"deploy"'),
    });
  });

  it('rotates and notes use', async () => {
    await insert('four');
    const rotated = await database.stores.credentials.rotate('four', 'sealed anew');
    expect(rotated?.rotatedAt).toBeInstanceOf(Date);
    expect(await database.stores.credentials.sealedSecret('four')).toBe('sealed anew');
    await database.stores.credentials.touch('four');
    expect((await database.stores.credentials.find('four'))?.lastUsedAt).toBeInstanceOf(Date);
    expect(await database.stores.credentials.rotate('nobody', 'x')).toBeNull();
    expect(await database.stores.credentials.sealedSecret('nobody')).toBeNull();
  });

  it('is not removed while targets use it, and names them', async () => {
    await insert('five');
    const target = await storedTarget(database, { name: 'production', credentialId: 'five' });
    await expect(database.stores.credentials.remove('five')).rejects.toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('"production"'),
    });
    await database.stores.targets.update(target.id, { credentialId: null });
    expect(await database.stores.credentials.remove('five')).toBe(true);
    expect(await database.stores.credentials.remove('five')).toBe(false);
  });
});
