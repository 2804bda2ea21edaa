/** The platform port on Kubernetes: StatefulSets, their pods, and the containers of this node. */
package io.memorymachine.platform.kubernetes;
