/** What every message has: its kind, its wire type, its topic and its correlation. */
package io.memorymachine.contract.envelope;
