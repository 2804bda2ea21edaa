/** Grants an operation a lease on the licence. */
package io.memorymachine.license.participant.authorize;
