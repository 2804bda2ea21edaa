package io.memorymachine.restore.admission;

import java.util.ArrayList;
import java.util.List;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/**
 * Lets a placeholder pass all its probes until a process was put into it, and has them do their work from then on: a pod's
 * probes cannot be changed later. A liveness probe would kill a placeholder; a StatefulSet with OrderedReady makes the next
 * pod only when this one is ready.
 *
 * <p>The probes are done by {@code mm-probe} inside the container, so those over HTTPS and gRPC become a look whether the
 * port is open.
 */
final class Probes {
    private static final String PROBE = "/mm/bin/mm-probe";

    private Probes() {}

    static void passWhileWaiting(Container member) {
        member.setLivenessProbe(wrapped(member, member.getLivenessProbe()));
        member.setReadinessProbe(wrapped(member, member.getReadinessProbe()));
        member.setStartupProbe(wrapped(member, member.getStartupProbe()));
        if (member.getLifecycle() != null) {
            // The process that is put back has had its start.
            member.getLifecycle().setPostStart(null);
        }
    }

    private static Probe wrapped(Container member, Probe probe) {
        if (probe == null) {
            return null;
        }
        List<String> command = new ArrayList<>(List.of(PROBE));
        if (probe.getExec() != null) {
            command.add("--");
            command.addAll(probe.getExec().getCommand());
        } else if (probe.getHttpGet() != null
                && !"HTTPS".equals(probe.getHttpGet().getScheme())) {
            command.add("--http");
            command.add(port(member, probe.getHttpGet().getPort()));
            command.add(
                    probe.getHttpGet().getPath() == null
                            ? "/"
                            : probe.getHttpGet().getPath());
        } else if (probe.getHttpGet() != null) {
            command.addAll(List.of("--tcp", port(member, probe.getHttpGet().getPort())));
        } else if (probe.getTcpSocket() != null) {
            command.addAll(List.of("--tcp", port(member, probe.getTcpSocket().getPort())));
        } else if (probe.getGrpc() != null) {
            command.addAll(List.of("--tcp", String.valueOf(probe.getGrpc().getPort())));
        } else {
            return probe;
        }
        return new ProbeBuilder(probe)
                .withExec(new ExecAction(command))
                .withHttpGet(null)
                .withTcpSocket(null)
                .withGrpc(null)
                .build();
    }

    private static String port(Container member, IntOrString port) {
        if (port.getIntVal() != null) {
            return String.valueOf(port.getIntVal());
        }
        return member.getPorts().stream()
                .filter(named -> port.getStrVal().equals(named.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .map(String::valueOf)
                .orElse(port.getStrVal());
    }
}
