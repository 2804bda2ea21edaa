/** The licence as a signed file: its terms, its envelope, the keys that may sign it, and who issues it. */
package io.memorymachine.license.document;
