/** An installation in a Kubernetes cluster. Nothing here is loaded unless one is asked for. */
package io.memorymachine.client.kubernetes;
