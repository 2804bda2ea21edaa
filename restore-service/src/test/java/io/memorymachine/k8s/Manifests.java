package io.memorymachine.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * What kustomize makes of a folder, as it lies beside the tests.
 *
 * @param name {@code overlays.emulated}
 */
record Manifests(String name, List<HasMetadata> objects) {
    private static final Path GOLDEN = Path.of("src/test/resources/manifests");
    private static final Path SOURCES = Path.of("../k8s");

    /** A pod template, with the object that has it. */
    record Pods(HasMetadata owner, PodTemplateSpec template) {
        Stream<Container> containers() {
            return Stream.concat(
                    template.getSpec().getInitContainers().stream(), template.getSpec().getContainers().stream());
        }
    }

    static Stream<Manifests> all() throws IOException {
        return names().stream().map(Manifests::read);
    }

    static Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.yaml$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The folders with a kustomization that is meant to be applied. */
    static Set<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(name ->
                            name.startsWith("overlays.") || name.startsWith("examples.") && !name.endsWith(".base"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static Path source(String name) {
        return SOURCES.resolve(name.replace('.', '/'));
    }

    static String text(String name) throws IOException {
        return Files.readString(GOLDEN.resolve(name + ".yaml"));
    }

    static void write(String name, String text) throws IOException {
        Files.writeString(GOLDEN.resolve(name + ".yaml"), text);
    }

    private static Manifests read(String name) {
        try {
            KubernetesSerialization yaml = new KubernetesSerialization();
            return new Manifests(
                    name,
                    Stream.of(text(name).split("(?m)^---$"))
                            .map(document -> (HasMetadata) yaml.unmarshal(document))
                            .toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    <T extends HasMetadata> Stream<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    boolean has(String kind, String objectName) {
        return objects.stream()
                .anyMatch(object -> object.getKind().equals(kind)
                        && object.getMetadata().getName().equals(objectName));
    }

    /** Objects of Kubernetes itself, not of operators. */
    Stream<HasMetadata> ofKubernetes() {
        return objects.stream().filter(Predicate.not(GenericKubernetesResource.class::isInstance));
    }

    List<Pods> pods() {
        return objects.stream()
                .flatMap(object -> {
                    if (object instanceof Deployment deployment) {
                        return Stream.of(new Pods(object, deployment.getSpec().getTemplate()));
                    }
                    if (object instanceof DaemonSet set) {
                        return Stream.of(new Pods(object, set.getSpec().getTemplate()));
                    }
                    if (object instanceof StatefulSet set) {
                        return Stream.of(new Pods(object, set.getSpec().getTemplate()));
                    }
                    if (object instanceof Pod pod) {
                        return Stream.of(new Pods(object, new PodTemplateSpec(pod.getMetadata(), pod.getSpec())));
                    }
                    return Stream.empty();
                })
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
