/** The port to what runs the workloads; one subpackage for each platform. */
package io.memorymachine.platform;
