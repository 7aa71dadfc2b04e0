/** A petition that could not be sent is not typed twice. */
import { keepUnsent } from './unsent.js';

keepUnsent();
