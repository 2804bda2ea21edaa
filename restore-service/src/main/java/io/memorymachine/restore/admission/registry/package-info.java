/** Image configurations out of container registries. */
package io.memorymachine.restore.admission.registry;
