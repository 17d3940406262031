using System.Text.Json;

namespace Lb.Pbm.Tests.Processes;

/// <summary>pbm with a command: what it sends, what it prints, how it ends.</summary>
public sealed class OneCommandTests : IAsyncLifetime
{
    private DeclaringHost _host = null!;

    public async Task InitializeAsync() => _host = await DeclaringHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Output_that_is_no_terminal_has_lines_of_cells_and_a_count()
    {
        (int exitCode, string output, string error) = await RunAsync("service", "list");
        Assert.Equal((0, "web | 12\nmail | 7\nCount: 2 services\n", ""), (exitCode, output, error));
    }

    [Theory]
    [InlineData("--output", "json", "service", "list")]
    [InlineData("service", "list", "--output=json")]
    public async Task Json_is_the_data_of_the_answer(params string[] words)
    {
        (int exitCode, string output, _) = await RunAsync(words);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("{\n  \"services\": [\n", output);
        Assert.Equal(12, JsonElement.Parse(output).GetProperty("services")[0].GetProperty("flows").GetInt32());
    }

    [Fact]
    public async Task Arguments_and_person_are_sent_and_the_message_is_printed()
    {
        _host.Answer("backend/weight", """{ "message": "Weight of b1 is 2: revision 12.", "data": null }""");
        (int exitCode, string output, string error) =
            await RunAsync("backend", "weight", "web", "b1", "2", "--reason", "two words");
        Assert.Equal((0, "Weight of b1 is 2: revision 12.\n", ""), (exitCode, output, error));
        Received received = Assert.Single(_host.Received);
        Assert.Equal(("backend/weight", Environment.UserName), (received.Path, received.User));
        Assert.Equal(
            """{"arguments":{"service":["web"],"backend":["b1"],"weight":["2"],"reason":["two words"]}}""",
            received.Body);
    }

    [Fact]
    public async Task Person_behind_sudo_is_sent()
    {
        await PbmProcess.FeedAsync("", [_host.Address, "service", "list"], ("SUDO_USER", "ada"));
        Assert.Equal("ada", Assert.Single(_host.Received).User);
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(404, 2)]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(409, 4)]
    [InlineData(422, 4)]
    [InlineData(500, 1)]
    [InlineData(503, 1)]
    public async Task Status_of_the_answer_decides_the_exit_code(int status, int expected)
    {
        _host.Answer(
            "service/remove",
            """
            { "title": "No", "detail": "Too many flows would move.", "code": "plan",
              "mend": "Say --force.", "reasons": ["web: 12 %", "mail: 7 %"], "trace": "t1" }
            """,
            status);
        (int exitCode, string output, string error) = await RunAsync("service", "remove", "web");
        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Equal("pbm: Too many flows would move.\n  - web: 12 %\n  - mail: 7 %\nSay --force.\n", error);
    }

    [Fact]
    public async Task Problem_is_json_on_standard_error_with_all_that_the_host_said()
    {
        _host.Answer("service/remove", """{ "detail": "No.", "code": "plan", "trace": "t1" }""", 409);
        (int exitCode, string output, string error) = await RunAsync("service", "remove", "web", "--output", "json");
        Assert.Equal((4, ""), (exitCode, output));
        JsonElement problem = JsonElement.Parse(error);
        Assert.Equal(
            ("No.", "plan", "t1"),
            (problem.GetProperty("detail").GetString(), problem.GetProperty("code").GetString(),
                problem.GetProperty("trace").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Error_without_a_reason_is_told_as_such(string body)
    {
        _host.Answer("service/list", body, 502);
        (int exitCode, _, string error) = await RunAsync("service", "list");
        Assert.Equal((1, $"pbm: {_host.Address} answered 502 Bad Gateway and did not say why.\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("The host has no palette 'servise'.", "Did you mean 'service'?", "servise", "list")]
    [InlineData("'service' has no command 'sho'.", "Did you mean 'show'?", "service", "sho")]
    [InlineData("'service remove' needs a service.", "Write service remove SERVICE....", "service", "remove")]
    [InlineData("'service list' has no switch '--wat'.", "Did you mean '--watch'?", "service", "list", "--wat")]
    [InlineData("'service list' has no switch '--all'.", "It has: --output, --watch, --timeout.",
        "service", "list", "--all")]
    [InlineData("--output cannot be 'xml'.", "Write --output table or --output json.",
        "service", "list", "--output=xml")]
    public async Task Wrong_usage_is_mended_and_nothing_is_sent(string detail, string mend, params string[] words)
    {
        (int exitCode, string output, string error) = await RunAsync(words);
        Assert.Equal((2, "", $"pbm: {detail}\n{mend}\n"), (exitCode, output, error));
        Assert.Empty(_host.Received);
    }

    [Fact]
    public async Task Wrong_usage_is_json_where_json_is_asked_for()
    {
        (int exitCode, _, string error) = await RunAsync("service", "sho", "--output", "json");
        Assert.Equal((2, "unknown-command"), (exitCode, JsonElement.Parse(error).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Help_comes_from_the_host_and_help_on_pbm_needs_none()
    {
        (int exitCode, string output, _) = await RunAsync("help");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("  service  Services and their tables.\n", output);
        (exitCode, output, _) = await RunAsync("service", "show", "--help");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("service show SERVICE [--why TEXT]", output);
        (exitCode, output, _) = await PbmProcess.RunAsync("--help");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Usage: pbm ", output);
        (exitCode, output, _) = await PbmProcess.RunAsync("--version");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("0.", output);
    }

    [Fact]
    public async Task Host_is_taken_from_the_environment_and_may_be_ipv6()
    {
        await using DeclaringHost six = await DeclaringHost.StartAsync("[::1]:0");
        (int exitCode, string output, string error) =
            await PbmProcess.FeedAsync("", ["service", "list"], ("PBM_HOST", six.Address));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("web | 12\n", output);
        Assert.StartsWith("[::1]:", six.Address);
    }

    [Fact]
    public async Task Control_characters_of_a_host_do_not_get_through()
    {
        _host.Answer("service/list", """
            { "message": "two\nlines\u001b[2J", "rows": [ ["a\u001b]0;x\u0007", "b\nc"] ], "count": "1\r", "data": 0 }
            """);
        (_, string output, _) = await RunAsync("service", "list");
        Assert.Equal(
            "two\nlines\\u001b[2J\na\\u001b]0;x\\u0007 | b\\u000ac\nCount: 1\\u000d\n", output);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] words) =>
        PbmProcess.RunAsync([_host.Address, .. words]);
}
