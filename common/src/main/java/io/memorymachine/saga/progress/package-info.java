/** Following a saga while it runs. */
package io.memorymachine.saga.progress;
