package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorOffset;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.client.RpcSubscription;
import io.selkie.rpc.client.ZeroStream;
import io.selkie.rpc.fixture.FixtureMiner;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.token.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The client, by name and through the interfaces. */
class JsonRpcClientTest {

  private @Nullable JsonRpcServer started;
  private @Nullable JsonRpcClient opened;

  @BeforeEach
  void start() throws IOException {
    FixtureMiner miner = new FixtureMiner(InstantSource.system(), true);
    started = miner.server().start();
    String token = miner.tokens().create(Permission.ADMIN);
    opened = new JsonRpcClient(new MinerEndpoint(started.endpoint().base(), Optional.of(token)));
  }

  @AfterEach
  void stop() throws IOException {
    client().close();
    Objects.requireNonNull(started).close();
  }

  private JsonRpcClient client() {
    return Objects.requireNonNull(opened);
  }

  @Test
  void call_byName_answersATree() throws Exception {
    JsonNode status = client().call("Filecoin.SectorsStatus", 9L, true);
    assertThat(status.get("State").asString()).isEqualTo("Proving");
    assertThat(status.at("/Pieces/0/DealInfo/DealProposal/Label").asString())
        .isEqualTo("string value <&>");
    SectorInfo info = client().call(SectorInfo.class, "Filecoin.SectorsStatus", 9L, true);
    assertThat(info.onTime()).isEqualTo(333);
  }

  @Test
  void api_ofTheContract_callsThrough() throws Exception {
    SectorsApi sectors = client().api(SectorsApi.class);
    CommonApi common = client().api(CommonApi.class);
    assertThat(sectors.sectorsList()).contains(9L, 105L).hasSize(11);
    assertThat(sectors.sectorsListInStates(List.of("Nope"))).isNull();
    assertThat(sectors.sectorsSummary()).containsEntry("Proving", 6L);
    assertThat(sectors.sectorsRefs().get(98000L)).hasSize(2);
    assertThat(sectors.sectorGetSealDelay()).isEqualTo(Duration.ofHours(6));
    assertThat(sectors.sectorNumReserveCount("cnt", 3)).isEqualTo(BitField.of(5, 6, 7));
    assertThat(sectors.sectorNumReservations()).isEqualTo(Map.of("cnt", BitField.of(5, 6, 7)));
    assertThat(common.actorAddress()).isEqualTo(Address.ofId(1000));
    assertThat(common.version().agent()).isEqualTo("lotus");
    assertThat(client().api(AuthApi.class).authNew(List.of("read"))).hasSizeGreaterThan(60);
    assertThat(client().api(StorageApi.class).storageGetLocks().locks()).isEmpty();
    sectors.sectorsUpdate(100, "Available");
    assertThat(sectors.sectorsStatus(100, false).state()).isEqualTo("Available");
  }

  @Test
  void stream_throughTheContract_arrives() throws Exception {
    SectorsApi sectors = client().api(SectorsApi.class);
    PieceDealInfo info =
        PieceDealInfo.direct(new WirePiece(2048, null), new DealSchedule(100, 200), false);
    assertThat(sectors.sectorAddPieceToAny(2032, new ByteArrayInputStream(new byte[2032]), info))
        .isEqualTo(new SectorOffset(10, 0));
    assertThat(sectors.sectorAddPieceToAny(1016, new ZeroStream(1016), info).sector())
        .isEqualTo(10);
    assertThatThrownBy(() -> sectors.sectorAddPieceToAny(1016, new ZeroStream(5), info))
        .isInstanceOf(RpcFault.class)
        .hasMessage("writing piece: 5 bytes instead of 1016");
  }

  @Test
  void error_ofTheMethod_keepsItsCode() {
    assertThatThrownBy(() -> client().call("Filecoin.SectorsStatus", 105L, true))
        .isInstanceOfSatisfying(
            RpcFault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(RpcFault.NULL_ROUND);
              assertThat(fault.text()).isEqualTo("requested epoch was a null round (55)");
            });
    assertThatThrownBy(() -> client().call("Filecoin.Nope"))
        .isInstanceOfSatisfying(
            RpcFault.class, fault -> assertThat(fault.code()).isEqualTo(RpcFault.METHOD_NOT_FOUND));
  }

  @Test
  void node_thatIsNotThere_isAConnectionFault() {
    try (JsonRpcClient nobody = new JsonRpcClient(MinerEndpoint.parse("/ip4/127.0.0.1/tcp/1"))) {
      assertThatThrownBy(() -> nobody.call("Filecoin.Version")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> nobody.api(CommonApi.class).version())
          .isInstanceOfSatisfying(
              RpcFault.class,
              fault -> assertThat(fault.code()).isEqualTo(JsonRpcClient.CONNECTION_FAILED));
    }
  }

  @Test
  void token_thatIsRefused_isSaid() {
    MinerEndpoint bad =
        new MinerEndpoint(Objects.requireNonNull(started).endpoint().base(), Optional.of("x"));
    try (JsonRpcClient client = new JsonRpcClient(bad)) {
      assertThatThrownBy(() -> client.call("Filecoin.Version"))
          .isInstanceOf(IOException.class)
          .hasMessage("request failed, http status 401");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tok:/ip4/127.0.0.1/tcp/2345/http, tok, http://127.0.0.1:2345, /ip4/127.0.0.1/tcp/2345/http",
    "/ip4/10.0.0.1/tcp/99, '', http://10.0.0.1:99, /ip4/10.0.0.1/tcp/99/http",
    "tok:http://host:80, tok, http://host:80, /dns/host/tcp/80/http",
    "https://host, '', https://host:443, /dns/host/tcp/443/https",
    "a:/dns/h/tcp/1/wss, a, https://h:1, /dns/h/tcp/1/https",
    "a:/ip6/::1/tcp/1/http, a, http://[::1]:1, /ip6/::1/tcp/1/http",
    "'t:/ip4/1.2.3.4/tcp/5/http,u:/ip4/6.7.8.9/tcp/5', t, http://1.2.3.4:5, /ip4/1.2.3.4/tcp/5/http"
  })
  void endpoint_ofAnyForm_isRead(String info, String token, String base, String multiaddress) {
    MinerEndpoint endpoint = MinerEndpoint.parse(info);
    assertThat(endpoint.base()).hasToString(base);
    assertThat(endpoint.token().orElse("")).isEqualTo(token);
    assertThat(endpoint.multiaddress()).isEqualTo(multiaddress);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "secret:x",
        "/ip4/1.2.3.4",
        "/ip4/1.2.3.4/udp/5",
        "/onion/x/tcp/5",
        "ftp://h",
        "/ip4/1.2.3.4/tcp/x",
        "secret:http://"
      })
  void endpoint_thatIsNone_isRefused_withoutShowingTheToken(String info) {
    assertThatThrownBy(() -> MinerEndpoint.parse(info))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no address of a node")
        .hasMessageNotContaining("secret");
  }

  @Test
  void subscription_getsEveryValue_andTheEnd() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder);
        JsonRpcClient client = new JsonRpcClient(server.endpoint("read"))) {
      List<JsonValue> values = Collections.synchronizedList(new ArrayList<>());
      try (RpcSubscription numbers = client.subscribe("Probe.Numbers", values::add, 1000L)) {
        numbers.ended().get(10, TimeUnit.SECONDS);
      }
      assertThat(values).hasSize(1000).endsWith(JsonValue.number(1000));
      assertThatThrownBy(() -> client.subscribe("Probe.Nope", values::add))
          .isInstanceOf(RpcFault.class)
          .hasMessage("method 'Probe.Nope' not found");
    }
  }

  @Test
  void subscription_toTheEndOfTheNode_isToldOfIt() throws Exception {
    try (RpcSubscription closing = client().subscribe("Filecoin.Closing", _ -> {})) {
      assertThat(closing.ended()).isNotDone();
      client().call("Filecoin.Shutdown");
      closing.ended().get(10, TimeUnit.SECONDS);
    }
    try (RpcSubscription late = client().subscribe("Filecoin.Closing", _ -> {})) {
      late.ended().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void document_describesEveryMethod() throws Exception {
    JsonNode document = client().call("Filecoin.Discover");
    assertThat(document.get("openrpc").asString()).isEqualTo("1.2.6");
    assertThat(document.at("/info/title").asString()).isEqualTo("Lotus RPC API");
    assertThat(client().call("rpc.discover")).isEqualTo(document);
    JsonNode status =
        document
            .get("methods")
            .valueStream()
            .filter(each -> each.get("name").asString().equals("Filecoin.SectorsStatus"))
            .findFirst()
            .orElseThrow();
    assertThat(status.at("/params/0/description").asString()).isEqualTo("abi.SectorNumber");
    assertThat(status.at("/result/schema/$ref").asString())
        .isEqualTo("#/components/schemas/api.SectorInfo");
    assertThat(document.at("/components/schemas/api.SectorInfo/properties").propertyNames())
        .hasSize(24)
        .startsWith("SectorID", "State", "CommD", "CommR");
    document
        .findValuesAsString("$ref")
        .forEach(ref -> assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue());
  }
}
