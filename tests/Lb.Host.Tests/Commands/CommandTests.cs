using System.Net;
using System.Text;
using System.Text.Json;
using Lb.Host.Commands;
using Lb.Testing;

namespace Lb.Host.Tests.Commands;

/// <summary>Commands as pbm gives them, against a node with its real API, actors and journal.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private const string Services = """
        services.web { vip = 192.0.2.1, port = 80
          backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12, weight = 50 } } }
        """;

    private CommandNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandNode.StartAsync(Services);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Palettes_tell_every_command_with_what_could_stand_in_its_places()
    {
        JsonElement[] palettes = [.. (await _node.GetAsync("/api/v1/palettes")).GetProperty("palettes").EnumerateArray()];
        Assert.Equal(
            CommandDirectory.Palettes.Select(palette => palette.Name),
            palettes.Select(palette => palette.GetProperty("name").GetString()));
        JsonElement drain = palettes.Single(p => p.GetProperty("name").GetString() == "backend")
            .GetProperty("commands").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "drain");
        Assert.True(drain.GetProperty("changes").GetBoolean());
        JsonElement[] arguments = [.. drain.GetProperty("arguments").EnumerateArray()];
        Assert.Equal(["web"], arguments[0].GetProperty("hints").EnumerateArray().Select(h => h.GetString()));
        Assert.Equal(["b1", "b2"], arguments[1].GetProperty("hints").EnumerateArray().Select(h => h.GetString()));
    }

    [Fact]
    public async Task A_backend_is_added_weighed_drained_and_removed_and_each_step_is_history()
    {
        await _node.RunAsync(
            "backend add", "service", "web", "backend", "b3", "setting", "address=10.0.2.13", "setting", "weight=7",
            "why", "more load");
        await _node.RunAsync("backend weight", "service", "web", "backend", "b1", "weight", "200");
        JsonElement drained = await _node.RunAsync("backend drain", "service", "web", "backend", "b2", "why", "kernel update");
        Assert.Equal("Backend b2 of web drains: revision 4.", drained.GetProperty("message").GetString());

        JsonElement[] rows = [.. (await _node.RunAsync("backend list", "service", "web")).GetProperty("data").EnumerateArray()];
        Assert.Equal(["b1", "b2", "b3"], rows.Select(row => row.GetProperty("backend").GetString()));
        Assert.Equal(["200", "50", "7"], rows.Select(row => row.GetProperty("weight").GetString()));
        Assert.Equal("draining", rows[1].GetProperty("state").GetString());
        await _node.RunAsync("backend undrain", "service", "web", "backend", "b2");
        await _node.RunAsync("backend remove", "service", "web", "backend", "b3");

        JsonElement[] history = [.. (await _node.RunAsync("config history")).GetProperty("data").EnumerateArray()];
        Assert.Equal(
            ["backend b3 (10.0.2.13:80) added to web", "weight of backend b1 of web is 200", "backend b2 of web drained",
                "backend b2 of web enabled", "backend b3 removed from web"],
            history.Skip(1).Select(row => row.GetProperty("what").GetString()));
        Assert.Equal(["more load", "", "kernel update", "", ""], history.Skip(1).Select(row => row.GetProperty("why").GetString()));
        Assert.All(history.Skip(1), row => Assert.Equal("ops", row.GetProperty("who").GetString()));
        Assert.All(history.Skip(1), row => Assert.Equal("127.0.0.1", row.GetProperty("from").GetString()));
    }

    [Fact]
    public async Task A_service_is_added_changed_and_removed_by_the_keys_of_the_reference()
    {
        await _node.RunAsync(
            "service add", "service", "dns", "setting", "vip=192.0.2.53", "setting", "port=53", "setting", "protocol=udp");
        await _node.RunAsync(
            "service set", "service", "dns", "setting", "tracking=full", "setting", "flow-log=sampled", "setting", "health.check=http",
            "setting", "health.expect=[200, 204]", "setting", "health.host=null");

        JsonElement shown = (await _node.RunAsync("service show", "service", "dns")).GetProperty("data");
        Assert.Equal("full", shown.GetProperty("tracking").GetString());
        Assert.Equal("sampled", shown.GetProperty("flowLog").GetString());
        Assert.Equal("udp", shown.GetProperty("protocol").GetString());
        string hocon = (await _node.RunAsync("config show")).GetProperty("data").GetProperty("hocon").GetString()!;
        Assert.Contains("expect = [200, 204]", hocon);
        await _node.RunAsync("service remove", "service", "dns");
        Assert.Single((await _node.RunAsync("service list")).GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task A_service_of_sctp_is_added_with_a_mode_that_it_can_have_and_comes_back_from_the_journal()
    {
        string[] core = ["service", "core", "setting", "vip=192.0.2.54", "setting", "port=3868", "setting", "protocol=sctp"];
        JsonElement refused = await _node.RefusedAsync(422, "service add", core);
        Assert.Contains("sctp cannot have mode = nat", $"{refused}", StringComparison.Ordinal);
        Assert.Contains("dsr-l2, dsr-ipip or dsr-gue", $"{refused}", StringComparison.Ordinal);

        await _node.RunAsync("service add", [.. core, "setting", "mode=dsr-l2", "setting", "health.check=none"]);
        JsonElement shown = (await _node.RunAsync("service show", "service", "core")).GetProperty("data");
        Assert.Equal(("sctp", "dsr-l2"), (shown.GetProperty("protocol").GetString(), shown.GetProperty("mode").GetString()));

        await _node.RunAsync("service remove", "service", "core");
        await _node.RunAsync("config rollback", "revision", "2");
        Assert.Contains("protocol = sctp", (await _node.RunAsync("config show")).GetProperty("data").GetProperty("hocon").GetString());
    }

    [Fact]
    public async Task A_service_shows_the_server_ids_that_connection_ids_go_by()
    {
        _node.WriteFile("""
            services.quic { vip = 192.0.2.1, port = 443, protocol = udp, mode = dsr-ipip, quic { server-id-length = 2 }
              backends { b1 { address = 10.0.2.11, server-id = "0A01" }, b2 { address = 10.0.2.12, server-id = "0a02" } } }
            """);
        await _node.RunAsync("config apply");
        Wait.Until(
            () => ServerIds("quic").SequenceEqual(["0a01", "0a02"]), "its backends have them", TimeSpan.FromSeconds(30));
        Assert.Contains("Server ID", $"{await _node.RunAsync("service show", "service", "quic")}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_goes_back_and_a_diff_tells_what_differs()
    {
        await _node.RunAsync("backend weight", "service", "web", "backend", "b1", "weight", "1");
        await _node.RunAsync("backend remove", "service", "web", "backend", "b2");
        Assert.Equal(
            ["backend b2 removed from web"],
            Changes(await _node.RunAsync("config diff", "from", "2")));

        JsonElement back = await _node.RunAsync("config rollback", "revision", "2", "why", "too few");

        Assert.Equal("Back to what the site was at revision 2: revision 4.", back.GetProperty("message").GetString());
        Assert.Empty(Changes(await _node.RunAsync("config diff", "from", "2")));
        Assert.Equal(["weight of backend b1 of web is 1"], Changes(await _node.RunAsync("config diff")));
        Assert.Equal(["weight of backend b1 of web is 1"], Changes(await _node.RunAsync("config diff", "from", "1", "to", "2")));
    }

    [Fact]
    public async Task A_file_that_overrules_a_runtime_change_is_refused_unless_forced()
    {
        await _node.RunAsync("backend weight", "service", "web", "backend", "b1", "weight", "1");
        _node.WriteFile(Services.Replace("address = 10.0.2.11", "address = 10.0.2.11, weight = 70"));

        JsonElement conflict = await _node.RefusedAsync(409, "config apply");
        Assert.Equal("conflict", conflict.GetProperty("code").GetString());
        Assert.Contains("weight of backend b1 of web is 70", conflict.GetProperty("reasons")[0].GetString());

        JsonElement forced = await _node.RunAsync("config apply", "force", "true");
        Assert.Single(forced.GetProperty("data").GetProperty("conflicts").EnumerateArray());
        Assert.Equal("70", (await _node.RunAsync("backend list")).GetProperty("data")[0].GetProperty("weight").GetString());
    }

    [Fact]
    public async Task A_broken_file_gives_all_its_errors_and_changes_nothing()
    {
        _node.WriteFile("services.web { vip = nowhere, prot = 80 }");
        JsonElement refused = await _node.RefusedAsync(422, "config apply");
        Assert.Equal(3, refused.GetProperty("reasons").GetArrayLength());
        Assert.Contains("site.conf:7:", refused.GetProperty("reasons")[0].GetString());
        await _node.RefusedAsync(422, "config check");
        Assert.Equal(1, (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData(404, "no command backend fly", "backend fly")]
    [InlineData(400, "drain needs backend", "backend drain", "service", "web")]
    [InlineData(400, "drain takes no color", "backend drain", "service", "web", "backend", "b1", "color", "red")]
    [InlineData(400, "is \"heavy\", which is no whole number", "backend weight", "service", "web", "backend", "b1", "weight", "heavy")]
    [InlineData(400, "a weight of 70000 is not possible", "backend weight", "service", "web", "backend", "b1", "weight", "70000")]
    [InlineData(400, "\"tracking\" is no setting", "service set", "service", "web", "setting", "tracking")]
    [InlineData(400, "is given 2 times", "backend drain", "service", "web", "backend", "b1", "backend", "b2")]
    [InlineData(400, "service of show is empty", "service show", "service", " ")]
    [InlineData(400, "a count of 0 is not possible", "config history", "count", "0")]
    [InlineData(409, "there is no service wep", "backend drain", "service", "wep", "backend", "b1")]
    [InlineData(409, "there is no service wep", "backend list", "service", "wep")]
    [InlineData(409, "there is no service wep", "service show", "service", "wep")]
    [InlineData(409, "service web has no backend b9", "backend drain", "service", "web", "backend", "b9")]
    [InlineData(409, "there is no revision 99", "config show", "revision", "99")]
    [InlineData(422, "there is no revision 99", "config rollback", "revision", "99")]
    [InlineData(422, "there is a service web already", "service add", "service", "web", "setting", "vip=192.0.2.2")]
    [InlineData(422, "has a backend b1 already", "backend add", "service", "web", "backend", "b1", "setting", "address=10.0.2.9")]
    [InlineData(422, "did you mean \"tracking\"?", "service set", "service", "web", "setting", "traking=full")]
    [InlineData(422, "is backend b1 already", "backend add", "service", "web", "backend", "b3", "setting", "address=10.0.2.11")]
    [InlineData(422, "is not of the family of VIP", "backend add", "service", "web", "backend", "b3", "setting", "address=fd00::1")]
    [InlineData(422, "the site is at revision 1, not 9", "backend drain", "service", "web", "backend", "b1", "expect-revision", "9")]
    public async Task What_cannot_be_done_says_why_and_changes_nothing(int status, string why, string command, params string[] arguments)
    {
        JsonElement problem = await _node.RefusedAsync(status, command, arguments);
        Assert.Contains(why, $"{problem.GetProperty("detail")}; {problem.GetProperty("mend")}");
        Assert.NotEqual("", problem.GetProperty("mend").GetString());
        Assert.NotEqual("", problem.GetProperty("code").GetString());
        Assert.Equal(1, (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData("service set", "service", "web", "setting", "tracking=full\nlb.admin.port = 1")]
    [InlineData("service set", "service", "web", "setting", "tracking=${HOME}")]
    [InlineData("service set", "service", "web", "setting", "health.expect=[200], include file(\"/etc/passwd\"), x = [1]")]
    [InlineData("service set", "service", "web\"\n}", "setting", "tracking=full")]
    [InlineData("backend add", "service", "web", "backend", "b\"}", "setting", "address=10.0.2.99")]
    public async Task A_setting_can_be_nothing_but_a_value(string command, params string[] arguments)
    {
        (int status, string text) = await SendAsync(command, arguments);
        Assert.InRange(status, 400, 499);
        Assert.DoesNotContain("root:", text);
        Assert.Equal(1, (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task A_plan_tells_what_a_command_a_file_and_a_rollback_would_do_and_does_nothing()
    {
        JsonElement plan = (await _node.RunAsync("backend drain", "service", "web", "backend", "b1", "plan", "true"))
            .GetProperty("data");
        JsonElement drain = Assert.Single(plan.GetProperty("services").EnumerateArray());
        Assert.Equal("web", drain.GetProperty("service").GetString());
        Assert.Equal("slots", drain.GetProperty("source").GetString());
        Assert.InRange(drain.GetProperty("movedFlows").GetDouble(), 0.6, 0.7);
        Assert.Equal(
            drain.GetProperty("movedFlows").GetDouble(), drain.GetProperty("protectedByPrevious").GetDouble());
        Assert.Equal(0, drain.GetProperty("lostFlows").GetDouble());
        Assert.Equal("b2", drain.GetProperty("highestBackend").GetString());
        Assert.Equal(1, drain.GetProperty("highestShare").GetDouble());
        Assert.Empty(plan.GetProperty("refused").EnumerateArray());
        Assert.Equal(1, (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64());

        await _node.RunAsync("backend disable", "service", "web", "backend", "b1");
        Assert.Single((await _node.RunAsync("config plan", "revision", "1")).GetProperty("rows").EnumerateArray());
        Assert.Single((await _node.RunAsync("config rollback", "revision", "1", "plan", "true"))
            .GetProperty("data").GetProperty("services").EnumerateArray());
        _node.WriteFile(Services.Replace("weight = 50", "weight = 10"));
        Assert.Single((await _node.RunAsync("config plan")).GetProperty("rows").EnumerateArray());
        Assert.Equal(2, (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task Two_operators_at_once_lose_no_change_of_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _node.RunAsync(
            "backend add", "service", "web", "backend", $"n{i}", "setting", $"address=10.0.3.{i + 1}")));
        Assert.Equal(10, (await _node.RunAsync("backend list")).GetProperty("rows").GetArrayLength());
    }

    [Theory]
    [InlineData("POST", "/api/v1/palettes/backend/drain", "")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", "null")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", "[1")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", """{"arguments":{"service":"web"}}""")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", """{"arguments":{"service":[],"backend":["b1"]}}""")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", """{"arguments":{"service":[null],"backend":["b1"]}}""")]
    [InlineData("POST", "/api/v1/palettes/backend/drain", """{"arguments":{"service":null,"backend":["b1"]}}""")]
    [InlineData("PUT", "/api/v1/palettes/backend/drain", "{}")]
    public async Task A_malformed_request_is_the_asker_s_fault(string method, string path, string body)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = await _node.SendAsync(request);
        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Fact]
    public async Task A_name_that_was_made_to_point_here_is_not_served()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/services");
        request.Headers.Host = "evil.example";
        using HttpResponseMessage response = await _node.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_node_itself_can_be_looked_at()
    {
        Assert.Contains("site", (await _node.RunAsync("actor hierarchy")).GetProperty("message").GetString());
        Assert.Equal("lb", (await _node.RunAsync("actor system")).GetProperty("data")[0].GetProperty("name").GetString());
        Assert.StartsWith("good", (await _node.RunAsync("kernel show")).GetProperty("message").GetString());
    }

    private static IEnumerable<string?> Changes(JsonElement answer) =>
        answer.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("change").GetString());

    private string?[] ServerIds(string service) =>
    [
        .. _node.GetAsync("/api/v1/services").GetAwaiter().GetResult().GetProperty("services").EnumerateArray()
            .Where(shown => shown.GetProperty("name").GetString() == service)
            .SelectMany(shown => shown.GetProperty("backends").EnumerateArray())
            .Select(backend => backend.GetProperty("serverId").GetString()),
    ];

    private async Task<(int Status, string Text)> SendAsync(string command, string[] arguments)
    {
        Dictionary<string, string[]> values = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => new[] { pair[1] });
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/palettes/{command.Replace(' ', '/')}")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { arguments = values }), Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = await _node.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
