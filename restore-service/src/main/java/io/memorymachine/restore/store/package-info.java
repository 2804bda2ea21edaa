/** The restores as they are stored. */
package io.memorymachine.restore.store;
