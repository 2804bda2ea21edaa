/** How a service executes commands: once in effect, the reply recorded with the changes. */
package io.memorymachine.participant;
