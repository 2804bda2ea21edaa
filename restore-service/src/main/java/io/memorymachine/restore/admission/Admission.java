package io.memorymachine.restore.admission;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import org.jboss.logging.Logger;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.kubernetes.Marks;
import io.memorymachine.platform.kubernetes.MemberPods;
import io.memorymachine.platform.kubernetes.RestorePlan;
import io.memorymachine.platform.kubernetes.RestorePlans;

/**
 * Answers AdmissionReviews (admission.k8s.io/v1) of pods that are being made. Changes nothing but the pod; blocks.
 *
 * <p>The plan is read for each pod from the API server. Where it cannot be read the review fails, and with it the making of
 * the pod, which its StatefulSet's controller tries again: rather no pod for a moment than a member that starts empty in the
 * middle of a restore.
 */
public final class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class);
    private static final String KIND = "AdmissionReview";
    private static final String VERSION = "admission.k8s.io/v1";

    private final PodInjector injector;
    private final RestorePlans plans;
    private final ObjectMapper json;
    private final Clock clock;
    private final KubernetesSerialization pods = new KubernetesSerialization();

    /** One that reads plans where the platform arms them. */
    public Admission(PodInjector injector, RestorePlans plans, ObjectMapper json, Clock clock) {
        this.injector = injector;
        this.plans = plans;
        this.json = json;
        this.clock = clock;
    }

    /**
     * The answer to a review; a pod is never refused.
     *
     * @throws OperationFailedException INVALID_REQUEST for what is no review of a pod
     */
    public JsonNode review(JsonNode review) {
        JsonNode request = review.path("request");
        JsonNode object = request.path("object");
        if (!VERSION.equals(review.path("apiVersion").asText())
                || !KIND.equals(review.path("kind").asText())
                || !request.path("uid").isTextual()
                || !"Pod".equals(object.path("kind").asText())
                || !object.path("spec").isObject()
                || !object.path("metadata").isObject()) {
            throw new OperationFailedException(
                    FailureReason.INVALID_REQUEST, "This is no " + KIND + " of " + VERSION + " of a Pod");
        }
        Pod pod = pods.convertValue(object, Pod.class);
        String namespace = request.path("namespace").asText();
        return answer(request.path("uid").asText(), pod, injection(pod, namespace));
    }

    private Injection injection(Pod pod, String namespace) {
        if (pod.getMetadata().getAnnotations() == null
                || !pod.getMetadata().getAnnotations().containsKey(Marks.INJECT)) {
            return Injection.unchanged(pod);
        }
        try {
            return injector.inject(pod, namespace, plan(pod, namespace));
        } catch (OperationFailedException refused) {
            if (refused.reason() != FailureReason.INVALID_NAME) {
                throw refused;
            }
            return Injection.unchanged(pod, "Memory Machine leaves this pod as it is: " + refused.getMessage());
        }
    }

    private Optional<RestorePlan> plan(Pod pod, String namespace) {
        return MemberPods.workload(pod, namespace)
                .filter(workload -> MemberPods.ordinal(pod).isPresent())
                .flatMap(plans::find)
                .filter(plan -> plan.covers(MemberPods.ordinal(pod).getAsInt(), clock.instant()));
    }

    private JsonNode answer(String uid, Pod before, Injection injection) {
        ObjectNode answer = json.createObjectNode().put("apiVersion", VERSION).put("kind", KIND);
        ObjectNode response = answer.putObject("response").put("uid", uid).put("allowed", true);
        JsonNode patch = JsonDiff.asJson(
                pods.convertValue(before, JsonNode.class),
                pods.convertValue(injection.pod(), JsonNode.class),
                DiffFlags.dontNormalizeOpIntoMoveAndCopy());
        if (!patch.isEmpty()) {
            response.put("patchType", "JSONPatch")
                    .put(
                            "patch",
                            Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
        }
        List<String> warnings = injection.warnings();
        if (!warnings.isEmpty()) {
            warnings.forEach(response.withArray("warnings")::add);
        }
        LOG.infof(
                "pod=%s: %s%s",
                before.getMetadata().getName(),
                patch.isEmpty() ? "left as it is" : "injected",
                warnings.isEmpty() ? "" : "; " + String.join("; ", warnings));
        return answer;
    }
}
