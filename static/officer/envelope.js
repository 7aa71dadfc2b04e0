/**
 * The page that opens a sealed envelope: a key that the code of the paper has brought goes into its field; where there
 * is none yet it is only taken out of the address.
 */
import { takeScanned } from './envelope-key.js';

takeScanned(document.querySelector('[data-key]'));
