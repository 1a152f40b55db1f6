package org.jtorch.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server that behaves as the Hub does. */
@Timeout(60)
class HubTest {

    @TempDir
    Path cache;

    private FakeHub hub;
    private final byte[] weights = new byte[300_000];

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
        new Random(1).nextBytes(weights);
        hub.files.put("config.json", "{\"model_type\": \"bert\"}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("model.safetensors", weights);
        hub.files.put("pytorch_model.bin", weights);
        hub.files.put("flax_model.msgpack", weights);
        hub.files.put("1_Pooling/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Path download(Consumer<HubOptions> more) {
        return Hub.download("team/model", "main", o -> {
            o.endpoint(hub.endpoint()).cache(cache).token(FakeHub.TOKEN).offline(false);
            more.accept(o);
        });
    }

    @Test
    void theCacheIsThatOfPython() throws IOException {
        List<String> seen = new ArrayList<>();
        Path folder = download(o -> o.progress((file, done, total) -> seen.add(file + " " + done + "/" + total)));
        Path repository = cache.resolve("models--team--model");
        assertEquals(repository.resolve("snapshots").resolve(FakeHub.COMMIT), folder);
        assertEquals(FakeHub.COMMIT, Files.readString(repository.resolve("refs/main")));
        Path blob = repository.resolve("blobs").resolve(FakeHub.hash("SHA-256", weights));
        assertArrayEquals(weights, Files.readAllBytes(blob));
        assertTrue(Files.isSymbolicLink(folder.resolve("model.safetensors")));
        assertEquals(
                "../../blobs/" + FakeHub.hash("SHA-256", weights),
                Files.readSymbolicLink(folder.resolve("model.safetensors")).toString());
        assertEquals(
                "../../../blobs/" + FakeHub.gitHash(hub.files.get("1_Pooling/config.json")),
                Files.readSymbolicLink(folder.resolve("1_Pooling/config.json")).toString());
        assertFalse(Files.exists(folder.resolve("pytorch_model.bin")), "safetensors are preferred");
        assertFalse(Files.exists(folder.resolve("flax_model.msgpack")));
        assertTrue(seen.contains("model.safetensors 300000/300000"), seen.toString());
    }

    @Test
    void whatIsThereIsNotDownloadedAgain() {
        download(o -> {});
        hub.requests.clear();
        download(o -> {});
        assertEquals(List.of("GET /api/models/team/model/revision/main"), hub.requests);
    }

    @Test
    void theTokenGoesToTheHubOnly() {
        hub.isPrivate = true;
        download(o -> {});
        assertTrue(hub.requests.contains("GET /cdn/model.safetensors"));
        assertEquals(List.of("127.0.0.1"), hub.tokens.stream().distinct().toList());
    }

    @Test
    void aBreakIsContinuedWhereItWas() throws IOException {
        hub.bytesBeforeBreak = 100_000;
        Path folder = download(o -> {});
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve("model.safetensors")));
        assertTrue(hub.requests.contains("GET /cdn/model.safetensors bytes=100000-"), hub.requests.toString());
        assertTrue(hub.requests.contains("GET /cdn/model.safetensors bytes=200000-"), hub.requests.toString());
    }

    @Test
    void aLaterProcessContinuesABreak() throws IOException {
        hub.bytesBeforeBreak = 120_000;
        HubException e = assertThrows(HubException.class, () -> download(o -> o.attempts(1)));
        // not all bytes that the server sent need to arrive
        Matcher broken =
                Pattern.compile("breaks off after (\\d+) of 300000 bytes").matcher(e.getMessage());
        assertTrue(broken.find(), e.getMessage());
        hub.bytesBeforeBreak = Integer.MAX_VALUE;
        hub.requests.clear();
        Path folder = download(o -> {});
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve("model.safetensors")));
        assertTrue(
                hub.requests.contains("GET /cdn/model.safetensors bytes=" + broken.group(1) + "-"),
                hub.requests.toString());
    }

    @Test
    void aServerWithoutRangesBeginsAgain() throws IOException {
        hub.bytesBeforeBreak = 120_000;
        assertThrows(HubException.class, () -> download(o -> o.attempts(1)));
        hub.bytesBeforeBreak = Integer.MAX_VALUE;
        hub.ignoresRanges = true;
        assertArrayEquals(weights, Files.readAllBytes(download(o -> {}).resolve("model.safetensors")));
    }

    @Test
    void aStalledConnectionIsGivenUp() throws IOException {
        hub.bytesBeforeBreak = 200_000;
        hub.stalls = true;
        Path folder = download(o -> o.timeout(Duration.ofMillis(500)));
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve("model.safetensors")));
    }

    @Test
    void aBusyServerIsAskedAgain() {
        hub.errorsToCome.set(2);
        assertTrue(Files.exists(download(o -> {}).resolve("config.json")));
        hub.errorsToCome.set(100);
        HubException e = assertThrows(HubException.class, () -> download(o -> o.attempts(2)));
        assertTrue(e.getMessage().contains("HTTP 503"), e.getMessage());
    }

    @Test
    void damagedContentIsRefused() {
        hub.damages = true;
        HubException e = assertThrows(HubException.class, () -> download(o -> {}));
        assertTrue(e.getMessage().contains("was damaged on its way"), e.getMessage());
        hub.damages = false;
        assertTrue(Files.exists(download(o -> {}).resolve("model.safetensors")));
    }

    @Test
    void privateAndMissingModelsSayWhatToDo() {
        hub.isPrivate = true;
        HubException e = assertThrows(HubException.class, () -> download(o -> o.token(null)));
        assertTrue(e.getMessage().contains("HTTP 401") && e.getMessage().contains("HF_TOKEN"), e.getMessage());
        hub.isPrivate = false;
        HubException missing = assertThrows(
                HubException.class,
                () -> Hub.download("team/other", "main", o -> o.endpoint(hub.endpoint())
                        .cache(cache)
                        .offline(false)));
        assertTrue(missing.getMessage().contains("HTTP 404"), missing.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Hub.download("../team", "main"));
        assertThrows(IllegalArgumentException.class, () -> Hub.download("a/b/c", "main"));
    }

    @Test
    void offlineOnlyTheCacheIsUsed() {
        HubException e = assertThrows(HubException.class, () -> download(o -> o.offline(true)));
        assertTrue(e.getMessage().contains("not in the cache"), e.getMessage());
        Path folder = download(o -> {});
        hub.requests.clear();
        assertEquals(folder, download(o -> o.offline(true)));
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void namesDoNotLeadOutOfTheCache() {
        hub.files.put("../../../../evil.json", weights);
        HubException e = assertThrows(HubException.class, () -> download(o -> o.files(name -> true)));
        assertTrue(e.getMessage().contains("is not the name of a file"), e.getMessage());
    }
}
