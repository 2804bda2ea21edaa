package io.memorymachine.platform.kubernetes;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Placeholder;
import io.memorymachine.platform.WorkloadPlatform.Recreated;
import io.memorymachine.restore.admission.Admission;
import io.memorymachine.restore.admission.PodInjector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The platform port over an API server with state, a controller that makes pods, and the webhook as it is shipped. */
class KubernetesPlatformTest {
    private static final String OPERATION = "7b6cf1ab-5d4f-4f0e-9d5c-0a4a5f9a1c02";
    private static final Map<Integer, String> NODES = Map.of(0, "node-b", 1, "node-a", 2, "node-c");

    private final ObjectMapper json = new ObjectMapper().findAndRegisterModules();
    private final TestSettings settings = new TestSettings(Duration.ofSeconds(20), Duration.ofMinutes(5));
    private final Map<String, Set<String>> names = new ConcurrentHashMap<>();
    private final FaultyApiServer api = new FaultyApiServer();
    private final KubernetesClient client = api.client();
    private KubernetesPlatform platform;
    private StatefulSetController controller;

    @BeforeEach
    void start() {
        platform = platform(settings);
        PodInjector injector = new PodInjector(
                (namespace, pod, image) -> {
                    throw new AssertionError("the pod has a command");
                },
                settings,
                json);
        controller = new StatefulSetController(
                client, new Admission(injector, platform.plans(), json, Clock.systemUTC()), json);
    }

    private KubernetesPlatform platform(TestSettings with) {
        return new KubernetesPlatform(
                client,
                with,
                json,
                Clock.systemUTC(),
                name -> List.of(new NameServers.Answer("10.0.0.10", names.getOrDefault(name, Set.of()))));
    }

    @AfterEach
    void stop() {
        controller.close();
        api.close();
    }

    private void deploy() {
        deploy(set -> {});
    }

    private void deploy(Consumer<StatefulSet> change) {
        Hz.deploy(client, change);
        controller.reconcile();
        Awaitility.await().until(() -> {
            controller.reconcile();
            return pods().size() == 3;
        });
    }

    private List<Pod> pods() {
        return client.pods().inNamespace("demo").list().getItems().stream()
                .sorted((a, b) ->
                        a.getMetadata().getName().compareTo(b.getMetadata().getName()))
                .toList();
    }

    private static List<String> incarnations(List<MemberPlacement> members) {
        return members.stream().map(MemberPlacement::incarnation).toList();
    }

    private List<String> label(String name) {
        return pods().stream()
                .map(pod -> String.valueOf(pod.getMetadata().getLabels().get(name)))
                .toList();
    }

    @Test
    void findsAWorkloadWithItsMembers() {
        deploy();

        Workload workload = platform.find(Hz.REF);

        assertThat(workload.replicas()).isEqualTo(3);
        assertThat(workload.service()).isEqualTo("hz");
        assertThat(workload.heapBytes()).isEqualTo(512L << 20);
        assertThat(workload.memoryLimitBytes()).isEqualTo(1L << 30);
        assertThat(workload.imageDigest()).isEqualTo(Hz.DIGEST);
        assertThat(workload.members())
                .extracting(member -> member.member().pod())
                .containsExactly("hz-0", "hz-1", "hz-2");
        assertThat(workload.members())
                .extracting(MemberPlacement::dnsName)
                .containsExactly("hz-0.hz", "hz-1.hz", "hz-2.hz");
        assertThat(workload.members().get(0).incarnation())
                .isEqualTo(pods().get(0).getMetadata().getUid() + "/" + "%064x".formatted(1));
        assertThat(platform.list()).containsExactly(workload);
    }

    @Test
    void whatIsToRunAnotherImageThanWhatRunsHasNoSnapshotsDigest() {
        deploy();
        client.apps().statefulSets().inNamespace("demo").withName("hz").edit(set -> {
            set.getSpec().getTemplate().getSpec().getContainers().get(0).setImage("hazelcast/hazelcast:5.8.0");
            return set;
        });

        assertThat(platform.find(Hz.REF).imageDigest()).isEqualTo("hazelcast/hazelcast:5.8.0");
    }

    @Test
    void aPodThatIsBeingDeletedIsNoMember() {
        deploy();
        client.pods().inNamespace("demo").withName("hz-1").edit(pod -> {
            pod.getMetadata().setFinalizers(List.of("test/holds-it"));
            return pod;
        });
        controller.behaves(StatefulSetController.Behaviour.REFUSES);
        client.pods().inNamespace("demo").withName("hz-1").delete();

        assertThat(platform.find(Hz.REF).members())
                .extracting(member -> member.member().ordinal())
                .containsExactly(0, 2);
    }

    @Test
    void recreatesAllMembersAsPlaceholdersOnTheirNodes() {
        deploy();
        List<MemberPlacement> old = platform.find(Hz.REF).members();

        Recreated recreated = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES);

        assertThat(recreated.members()).hasSize(3);
        assertThat(incarnations(recreated.members())).doesNotContainAnyElementsOf(incarnations(old));
        assertThat(recreated.members()).extracting(MemberPlacement::node).containsExactly("node-b", "node-a", "node-c");
        assertThat(recreated.destroyedAt()).isNotNull();
        assertThat(label(Marks.START)).containsOnly(Marks.PLACEHOLDER);
        assertThat(pods())
                .allSatisfy(pod -> assertThat(pod.getSpec()
                                .getContainers()
                                .get(0)
                                .getCommand()
                                .subList(0, 3))
                        .containsExactly("/mm/bin/mm-init", "--wait", "--"));
        assertThat(platform.plans().find(Hz.REF)).as("disarmed").isEmpty();
        assertThat(api.asked("DELETE", "/pods/hz-")).isEqualTo(3);
    }

    @Test
    void aRepetitionLeavesWhatItsOperationHasMade() {
        deploy();
        Recreated first = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES);

        Recreated second = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES);

        assertThat(second.members()).isEqualTo(first.members());
        assertThat(api.asked("DELETE", "/pods/hz-")).isEqualTo(3);
        assertThat(platform.plans().find(Hz.REF)).isEmpty();
    }

    @Test
    void whatWasCutOffAfterTheFirstDeletionIsFinished() {
        deploy();
        platform.plans()
                .arm(new RestorePlan(
                        Hz.REF,
                        OPERATION,
                        MemberStart.PLACEHOLDER,
                        Set.of(0, 1, 2),
                        NODES,
                        Clock.systemUTC().instant().plusSeconds(60)));
        client.pods().inNamespace("demo").withName("hz-0").delete();
        Awaitility.await().until(() -> label(Marks.START).contains(Marks.PLACEHOLDER));
        String first = pods().get(0).getMetadata().getUid();

        Recreated recreated = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES);

        assertThat(recreated.members()).hasSize(3);
        assertThat(pods().get(0).getMetadata().getUid())
                .as("hz-0 was made before")
                .isEqualTo(first);
        assertThat(label(Marks.START)).containsOnly(Marks.PLACEHOLDER);
    }

    @Test
    void aStatefulSetThatMakesOnePodAfterTheOtherWorksToo() {
        deploy();
        controller.worksInOrder();

        assertThat(platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                        .members())
                .hasSize(3);
    }

    @Test
    void startsTheApplicationWhereThatIsWanted() {
        deploy();

        platform.recreate(Hz.REF, OPERATION + "-restart", MemberStart.APPLICATION);

        assertThat(label(Marks.START)).containsOnly(Marks.APPLICATION);
        assertThat(pods())
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getContainers().get(0).getCommand())
                                .doesNotContain("--wait"));
        assertThat(platform.placeholders()).isEmpty();
    }

    @Test
    void podsThatNobodyMakesFailTheRecreationAndThePlanIsDisarmed() {
        deploy();
        controller.behaves(StatefulSetController.Behaviour.REFUSES);

        assertThatThrownBy(() -> impatient().recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES))
                .isInstanceOfSatisfying(OperationFailedException.class, failed -> {
                    assertThat(failed.reason()).isEqualTo(FailureReason.RECREATE_FAILED);
                    assertThat(failed.retryable()).isTrue();
                    assertThat(failed).hasMessageContaining("hz-1 is not there");
                });

        controller.behaves(StatefulSetController.Behaviour.WORKS);
        Awaitility.await().until(() -> pods().size() == 3);
        assertThat(platform.placeholders())
                .as("what is made later starts its application")
                .isEmpty();
    }

    @Test
    void podsThatNoNodeTakesAreNamedWithTheSchedulersWords() {
        deploy();
        controller.behaves(StatefulSetController.Behaviour.UNSCHEDULABLE);

        assertThatThrownBy(() -> impatient().recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES))
                .hasMessageContaining("hz-2 is Pending Unschedulable 0/1 nodes are available");
    }

    @Test
    void podsThatMissedTheWebhookAreNoMembers() {
        deploy();
        controller.behaves(StatefulSetController.Behaviour.AVOIDS_THE_WEBHOOK);

        assertThatThrownBy(() -> impatient().recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES))
                .hasMessageContaining("hz-0 came back without having met the webhook");
        assertThatThrownBy(() -> platform.find(Hz.REF))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        unfit -> assertThat(unfit.reason()).isEqualTo(FailureReason.WORKLOAD_NOT_SUITABLE));
    }

    private KubernetesPlatform impatient() {
        return platform(new TestSettings(Duration.ofSeconds(2), Duration.ofMinutes(5)));
    }

    @Test
    void onlyWaitingInitsArePlaceholders() {
        deploy();
        List<MemberPlacement> members = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                .members();
        KubernetesNode node = new KubernetesNode(client, settings, "node-b", Path.of("/proc"));

        node.filled(members.get(0));
        node.filled(members.get(0));

        assertThat(platform.placeholders())
                .containsExactlyInAnyOrder(
                        new Placeholder(members.get(1), OPERATION), new Placeholder(members.get(2), OPERATION));
    }

    @Test
    void aFilledContainerThatWasStartedAgainWaitsAgain() {
        deploy();
        List<MemberPlacement> members = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                .members();
        KubernetesNode node = new KubernetesNode(client, settings, "node-b", Path.of("/proc"));
        members.forEach(node::filled);
        assertThat(platform.placeholders()).isEmpty();

        client.pods().inNamespace("demo").withName("hz-1").editStatus(pod -> {
            pod.getStatus().getContainerStatuses().get(0).setContainerID("containerd://" + "f".repeat(64));
            return pod;
        });

        assertThat(platform.placeholders())
                .extracting(placeholder -> placeholder.member().member().ordinal())
                .containsExactly(1);
    }

    @Test
    void notesOfPodsThatAreGoneAreForgotten() {
        deploy();
        List<MemberPlacement> members = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                .members();
        KubernetesNode node = new KubernetesNode(client, settings, "node-b", Path.of("/proc"));
        members.forEach(node::filled);
        platform.recreate(Hz.REF, OPERATION + "-restart", MemberStart.APPLICATION);

        platform.placeholders();

        assertThat(client.configMaps()
                        .inNamespace("memverge")
                        .withLabel(Marks.KEPT, Marks.FILLED)
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void startsAfreshOnlyWhatStillWaits() {
        deploy();
        List<MemberPlacement> members = platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                .members();
        new KubernetesNode(client, settings, "node-b", Path.of("/proc")).filled(members.get(0));
        client.pods().inNamespace("demo").withName("hz-1").delete();
        Awaitility.await().until(() -> pods().size() == 3);

        platform.startAfresh(Hz.REF, members, "orphaned-1");

        List<String> now = incarnations(platform.find(Hz.REF).members());
        assertThat(now.get(0)).as("filled").isEqualTo(members.get(0).incarnation());
        assertThat(label(Marks.START)).containsExactly(Marks.PLACEHOLDER, "null", Marks.APPLICATION);
        assertThat(platform.placeholders()).isEmpty();
    }

    @Test
    void namesResolveWhenEachServerSaysTheNewAddress() {
        deploy();
        List<MemberPlacement> members = platform.find(Hz.REF).members();
        List<String> unresolved = new ArrayList<>(platform.unresolvedNames(Hz.REF, members));
        assertThat(unresolved).hasSize(3).first().asString().contains("hz-0.hz.demo.svc.cluster.local is unknown");

        members.forEach(
                member -> names.put(member.dnsName() + ".demo.svc.cluster.local", Set.of(member.address(), "fd00::1")));
        assertThat(platform.unresolvedNames(Hz.REF, members)).as("dual-stack").isEmpty();

        names.put(
                "hz-1.hz.demo.svc.cluster.local",
                Set.of("10.9.9.9", members.get(1).address()));
        assertThat(platform.unresolvedNames(Hz.REF, members))
                .singleElement()
                .asString()
                .contains("hz-1.hz", "10.9.9.9", "should be " + members.get(1).address());
    }

    @Test
    void anApiServerThatIsBusyForAMomentIsAskedAgain() {
        deploy();
        api.answers("GET", "/statefulsets/hz$", 503, 1);
        api.answers("GET", "/statefulsets/hz$", 429, 1);
        api.answers("GET", "/services/hz$", 500, 2);

        assertThat(platform.find(Hz.REF).members()).hasSize(3);
    }

    @Test
    void anApiServerThatStaysAwayIsATransientFailure() {
        deploy();
        api.answers("GET", "/statefulsets/hz$", 503, 100);

        assertThatThrownBy(() -> platform.find(Hz.REF)).isInstanceOfSatisfying(OperationFailedException.class, away -> {
            assertThat(away.reason()).isEqualTo(FailureReason.UNAVAILABLE);
            assertThat(away.retryable()).isTrue();
        });
    }

    @Test
    void anApiServerThatIsNotThereIsAwayForNow() {
        try (KubernetesClient toNobody = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:1")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build()) {
            KubernetesPlatform elsewhere =
                    new KubernetesPlatform(toNobody, settings, json, Clock.systemUTC(), name -> List.of());

            assertThatThrownBy(() -> elsewhere.find(Hz.REF))
                    .isInstanceOfSatisfying(OperationFailedException.class, away -> {
                        assertThat(away.reason()).isEqualTo(FailureReason.UNAVAILABLE);
                        assertThat(away.retryable()).isTrue();
                    })
                    .hasMessageContaining("the API server does not answer");
        }
    }

    @Test
    void aMissingRightIsNamed() {
        deploy();
        api.answers("DELETE", "/pods/hz-0$", 403, 1);

        assertThatThrownBy(() -> platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES))
                .isInstanceOfSatisfying(OperationFailedException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(FailureReason.FORBIDDEN);
                    assertThat(refused.retryable()).isFalse();
                });
        assertThat(platform.plans().find(Hz.REF)).as("disarmed").isEmpty();
    }

    @Test
    void whoeverIsOvertakenWhileArmingDestroysNothing() {
        deploy();
        api.answers("POST", "/configmaps", 409, 1);

        assertThatThrownBy(() -> platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        overtaken -> assertThat(overtaken.retryable()).isTrue());
        assertThat(api.asked("DELETE", "/pods/")).isZero();
    }

    @Test
    void aWatchThatIsRefusedIsBegunAnew() {
        deploy();
        api.answers("GET", "/pods\\?.*watch=true", 410, 2);

        assertThat(platform.recreate(Hz.REF, OPERATION, MemberStart.PLACEHOLDER, NODES)
                        .members())
                .hasSize(3);
    }

    @Test
    void aPodThatWasReplacedMeanwhileIsNotDeleted() {
        deploy();
        Pod old = pods().get(0);
        client.pods().inNamespace("demo").withName("hz-0").delete();
        Awaitility.await().until(() -> pods().size() == 3);
        Pod successor = pods().get(0);
        assertThat(successor.getMetadata().getUid())
                .isNotEqualTo(old.getMetadata().getUid());

        Recreation.delete(client, old, Duration.ofSeconds(1));

        assertThat(pods().get(0).getMetadata().getUid())
                .isEqualTo(successor.getMetadata().getUid());
    }

    @Test
    void aSecondContainerHasToBeNamed() {
        deploy();
        client.apps().statefulSets().inNamespace("demo").withName("hz").edit(set -> {
            set.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .add(new ContainerBuilder()
                            .withName("side")
                            .withImage("side:1")
                            .build());
            return set;
        });

        assertThatThrownBy(() -> platform.find(Hz.REF)).hasMessageContaining("several containers");
    }
}
