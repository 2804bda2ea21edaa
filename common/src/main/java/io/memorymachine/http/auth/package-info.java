/** Who calls: bearer tokens on the HTTP interfaces, behind a port to whoever can tell a token's owner. */
package io.memorymachine.http.auth;
