/** Tokens in files that only their owner can read. */
package io.memorymachine.http.auth.file;
