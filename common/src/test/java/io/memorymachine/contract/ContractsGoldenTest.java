package io.memorymachine.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.wire.CloudEventCodec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The wire form of every message, beside a golden file for each. A golden file that has to change is a change that other
 * versions of the services see: compatible (a field more), or a new version of the type beside the old one. New files are
 * written by {@code -Dgolden.write=true}.
 */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class ContractsGoldenTest {
    private static final Path FILES = Path.of("src/test/resources/contracts");

    @Inject
    CloudEventCodec codec;

    @Inject
    ObjectMapper json;

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsWrittenAsItsGoldenFileSaysAndReadBackEqual(Message message) throws IOException {
        String data = codec.data(message);
        String written = json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(data)) + "\n";
        Path file = FILES.resolve(message.wireType() + ".json");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(FILES);
            Files.writeString(file, written);
        }

        assertThat(file).exists();
        assertThat(written).isEqualTo(Files.readString(file));
        assertThat(codec.read(message.wireType(), Files.readString(file), Message.class))
                .isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aFieldOfANewerSenderIsIgnored(Message message) {
        String newer = codec.data(message).replaceFirst("\\{", "{\"fromTheFuture\":{\"a\":[1]},");

        assertThat(codec.read(message.wireType(), newer, Message.class)).isEqualTo(message);
    }

    @Test
    void whatWasSentBeforeImagesCouldBeEncryptedIsNotEncrypted() {
        List<Message> since = messages()
                .filter(message -> codec.data(message).contains("\"encrypted\""))
                .toList();
        assertThat(since).isNotEmpty().allSatisfy(message -> {
            String data = codec.data(message);
            String older = data.replace(",\"encrypted\":true", "");
            assertThat(older).doesNotContain("encrypted");

            Message read = codec.read(message.wireType(), older, Message.class);

            assertThat(codec.data(read)).isEqualTo(data.replace("\"encrypted\":true", "\"encrypted\":false"));
        });
    }

    @Test
    void everyTypeOfMessageHasOneSample() {
        assertThat(messages().map(Object::getClass)).doesNotHaveDuplicates();
        assertThat(messages().map(Message::wireType).collect(Collectors.toSet()))
                .isEqualTo(Contracts.all().stream().map(Message::wireType).collect(Collectors.toSet()));
    }

    @Test
    void everyGoldenFileIsUsed() throws IOException {
        Set<String> used =
                messages().map(message -> message.wireType() + ".json").collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(used);
        }
    }

    static Stream<Message> messages() {
        return ContractSamples.ALL.stream();
    }
}
