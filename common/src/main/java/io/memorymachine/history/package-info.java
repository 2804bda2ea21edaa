/** What has ended is kept for a while and then forgotten, so that no table grows for ever. */
package io.memorymachine.history;
