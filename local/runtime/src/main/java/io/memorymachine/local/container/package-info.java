/** The services' container images, built without a container engine. */
package io.memorymachine.local.container;
