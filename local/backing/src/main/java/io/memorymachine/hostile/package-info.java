/** What nobody means to send: the same bad input for messages and for HTTP, repeatable by a seed. */
package io.memorymachine.hostile;
