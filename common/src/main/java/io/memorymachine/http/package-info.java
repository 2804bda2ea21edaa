/** What the services' HTTP interfaces share: errors as RFC 9457 problem documents. */
package io.memorymachine.http;
