/** Callers and their rights as the API server of a Kubernetes cluster knows them. */
package io.memorymachine.http.auth.kubernetes;
