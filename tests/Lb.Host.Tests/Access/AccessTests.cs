using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Running;
using Lb.Testing;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Access;

/// <summary>Who gets in, from where, and what they may do.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/node")]
    [InlineData("/api/v1/palettes")]
    [InlineData("/api/v1/openapi.json")]
    [InlineData("/metrics")]
    [InlineData("/health/live")]
    [InlineData("/nothing/here")]
    public async Task Nobody_gets_anything_from_elsewhere_without_a_token(string path)
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpClient stranger = node.Remote(null);
        using HttpResponseMessage response = await stranger.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        JsonElement problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("unauthorized", problem.GetProperty("code").GetString());
        Assert.Contains("pbm token add", problem.GetProperty("mend").GetString());
    }

    [Fact]
    public async Task Each_role_may_do_what_is_said_and_no_more()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpClient reader = node.Remote(await node.AddTokenAsync("grafana", "read"));
        using HttpClient @operator = node.Remote(await node.AddTokenAsync("deploy", "operate"));
        using HttpClient admin = node.Remote(await node.AddTokenAsync("boss", "admin"));

        Assert.Equal(HttpStatusCode.OK, await RunAsync(reader, "service list"));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        await ForbiddenAsync(reader, "backend drain needs the role operate; grafana has read", "backend drain", "service", "web", "backend", "b1");
        await ForbiddenAsync(reader, "token list needs the role admin; grafana has read", "token list");
        await ForbiddenAsync(@operator, "token add needs the role admin; deploy has operate", "token add", "name", "x", "role", "admin");
        Assert.Equal(HttpStatusCode.OK, await RunAsync(@operator, "backend drain", "service", "web", "backend", "b1"));
        Assert.Equal(HttpStatusCode.OK, await RunAsync(admin, "token add", "name", "x", "role", "admin"));
        Assert.Equal(HttpStatusCode.OK, await RunAsync(admin, "token revoke", "name", "x"));
    }

    [Fact]
    public async Task A_change_is_written_down_with_the_name_of_the_token_and_who_says_to_have_made_it()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpClient ci = node.Remote(await node.AddTokenAsync("ci", "operate"));
        ci.DefaultRequestHeaders.Add("X-Lb-User", "ada");
        Assert.Equal(
            HttpStatusCode.OK,
            await RunAsync(ci, "backend weight", "service", "web", "backend", "b1", "weight", "7", "why", "canary"));

        (_, JsonElement history) = await SecuredNode.RunAsync(node.Local, "config history");
        JsonElement last = history.GetProperty("data").EnumerateArray().Last();
        Assert.Equal("ci (ada)", last.GetProperty("who").GetString());
        Assert.Equal("127.0.0.1", last.GetProperty("from").GetString());
        Assert.Equal("canary", last.GetProperty("why").GetString());
    }

    [Theory]
    [InlineData("Bearer lb_0123456789abcdef_0123456789012345678901234567890123456789012", "is unknown or was revoked")]
    [InlineData("Bearer nonsense", "has no token of Lb")]
    [InlineData("Basic YTpi", "has no token of Lb")]
    public async Task A_token_that_is_none_is_refused_everywhere(string header, string problem)
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        foreach (HttpClient http in (HttpClient[])[node.Remote(null), node.Local])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/node");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using HttpResponseMessage response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains(problem, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_secret_that_is_not_quite_right_is_refused()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        string token = await node.AddTokenAsync("ci", "read");
        using HttpClient guess = node.Remote(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'));
        Assert.Equal(HttpStatusCode.Unauthorized, await RunAsync(guess, "service list"));
    }

    [Fact]
    public async Task A_token_ends_when_it_is_revoked_or_its_time_is_over()
    {
        FakeClock clock = new();
        await using SecuredNode node = await SecuredNode.StartAsync(clock: clock);
        using HttpClient revoked = node.Remote(await node.AddTokenAsync("old", "read"));
        using HttpClient expiring = node.Remote(await node.AddTokenAsync("short", "read", "expires", "1h"));
        Assert.Equal(HttpStatusCode.OK, await RunAsync(revoked, "service list"));
        Assert.Equal(HttpStatusCode.OK, await RunAsync(expiring, "service list"));

        await SecuredNode.RunAsync(node.Local, "token revoke", "name", "old", "why", "left the team");
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await RunAsync(revoked, "service list"));
        (HttpStatusCode status, JsonElement problem) = await SecuredNode.RunAsync(expiring, "service list");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("short has expired", problem.GetProperty("detail").GetString());
        (_, JsonElement list) = await SecuredNode.RunAsync(node.Local, "token list", "revoked", "true");
        string[] states = [.. list.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("state").GetString()!)];
        Assert.Equal("expired", states[0]);
        Assert.Contains("by unknown from 127.0.0.1: left the team", states[1]);
    }

    [Fact]
    public async Task Tokens_outlive_a_restart_and_their_secrets_are_nowhere_on_disk()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lba-");
        try
        {
            string token;
            await using (SecuredNode first = await SecuredNode.StartAsync(folder: folder))
            {
                token = await first.AddTokenAsync("ci", "operate");
                await first.AddTokenAsync("gone", "admin");
                await SecuredNode.RunAsync(first.Local, "token revoke", "name", "gone");
            }

            byte[] secret = Encoding.ASCII.GetBytes(token[^43..]);
            foreach (FileInfo file in folder.EnumerateFiles())
            {
                Assert.True(
                    (await File.ReadAllBytesAsync(file.FullName)).AsSpan().IndexOf(secret) < 0, $"{file.Name} holds the secret");
            }

            await using SecuredNode second = await SecuredNode.StartAsync(folder: folder);
            using HttpClient ci = second.Remote(token);
            Assert.Equal(HttpStatusCode.OK, await RunAsync(ci, "service list"));
            (_, JsonElement list) = await SecuredNode.RunAsync(second.Local, "token list");
            Assert.Equal("1 token", list.GetProperty("count").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(AccessRole.None, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData(AccessRole.Read, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(AccessRole.Operate, HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task What_the_hosts_own_users_may_do_is_configured(
        AccessRole role, HttpStatusCode look, HttpStatusCode change)
    {
        await using SecuredNode node = await SecuredNode.StartAsync(role);
        Assert.Equal(look, await RunAsync(node.Local, "service list"));
        Assert.Equal(change, await RunAsync(node.Local, "backend drain", "service", "web", "backend", "b1"));
    }

    [Theory]
    [InlineData("name", "ci", "role", "root", 400, "\"root\" is no role")]
    [InlineData("name", "a b", "role", "read", 422, "is no name of a token")]
    [InlineData("name", "taken", "role", "read", 422, "there is a token taken already")]
    public async Task A_token_that_cannot_be_made_is_refused_with_the_reason(
        string n, string name, string r, string role, int status, string reason)
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        await node.AddTokenAsync("taken", "read");
        (HttpStatusCode answered, JsonElement problem) = await SecuredNode.RunAsync(node.Local, "token add", n, name, r, role);
        Assert.Equal(status, (int)answered);
        Assert.Contains(reason, problem.GetProperty("detail").GetString());
        Assert.NotNull(problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Time_of_a_token_that_is_none_and_names_that_are_unknown_are_refused()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        Assert.Equal(
            HttpStatusCode.BadRequest, await RunAsync(node.Local, "token add", "name", "x", "role", "read", "expires", "soon"));
        (HttpStatusCode status, JsonElement problem) = await SecuredNode.RunAsync(node.Local, "token revoke", "name", "x");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("there is no token x", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Elsewhere_there_is_no_way_around_tls()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpClient plain = new() { BaseAddress = new Uri($"http://{node.RemoteAddress}") };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new Uri("/health/live", UriKind.Relative)));
        using HttpClient unbelieving = new() { BaseAddress = new Uri($"https://{node.RemoteAddress}") };
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => unbelieving.GetAsync(new Uri("/health/live", UriKind.Relative)));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    [Fact]
    public async Task A_name_that_somebody_made_point_here_does_not_reach_the_hosts_own_listener()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/node");
        request.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await node.Local.SendAsync(request)).StatusCode);
        using HttpClient ci = node.Remote(await node.AddTokenAsync("ci", "read"));
        ci.DefaultRequestHeaders.Host = "lb1.example";
        Assert.Equal(HttpStatusCode.OK, await RunAsync(ci, "service list"));
    }

    [Fact]
    public async Task A_new_certificate_is_shown_after_a_reload_and_a_bad_one_never()
    {
        RecordingLog log = new();
        await using SecuredNode node = await SecuredNode.StartAsync(log: log);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        node.Authority.Issue("second");
        node.Certificate.Reload(loggers.CreateLogger("test"));
        Assert.Equal("CN=second", node.Certificate.Current.TargetCertificate.Subject);
        await File.WriteAllTextAsync(node.Authority.KeyFile, "no key");
        node.Certificate.Reload(loggers.CreateLogger("test"));
        Assert.Equal("CN=second", node.Certificate.Current.TargetCertificate.Subject);
        Assert.Contains(log.Lines, line => line.Contains("are no certificate and its key"));
    }

    [Fact]
    public async Task Every_change_and_every_refusal_is_logged_without_a_secret()
    {
        RecordingLog log = new();
        await using SecuredNode node = await SecuredNode.StartAsync(log: log);
        string token = await node.AddTokenAsync("ci", "read", "why", "nightly");
        using HttpClient ci = node.Remote(token);
        await RunAsync(ci, "backend drain", "service", "web", "backend", "b1");
        await RunAsync(node.Remote(null), "service list");

        Assert.Contains(log.Lines, line => line.StartsWith(
            "unknown from 127.0.0.1: token add {\"name\":[\"ci\"],\"role\":[\"read\"]", StringComparison.Ordinal)
            && line.EndsWith("done.", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("ci from 127.0.0.1: backend drain", StringComparison.Ordinal)
            && line.Contains("not done (forbidden)"));
        Assert.Contains(log.Lines, line => line.StartsWith("Nobody is let in from 127.0.0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains(token[^43..]));
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_revoked()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        using HttpClient reader = node.Remote(await node.AddTokenAsync("tail", "read"));
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/palettes/log/tail")
        {
            Content = new StringContent("""{"arguments":{"follow":[""]}}""", Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = await reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await SecuredNode.RunAsync(node.Local, "token revoke", "name", "tail");
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        await response.Content.CopyToAsync(Stream.Null, deadline.Token);
    }

    [Fact]
    public async Task Strangers_who_take_all_connections_keep_nobody_out_of_the_hosts_own_listener()
    {
        await using SecuredNode node = await SecuredNode.StartAsync();
        List<Socket> open = [];
        try
        {
            Wait.Until(
                () =>
                {
                    Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    open.Add(socket);
                    socket.Connect(node.RemoteAddress);
                    // One too many is closed at once; the others are waited for to begin with TLS.
                    return socket.Poll(open.Count > 256 ? 500_000 : 0, SelectMode.SelectRead);
                },
                "a connection is refused",
                TimeSpan.FromSeconds(60));
            Assert.InRange(open.Count, 257, 300);
            Assert.Equal(HttpStatusCode.OK, await RunAsync(node.Local, "service list"));
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void All_addresses_are_those_of_ipv4_too()
    {
        using Socket listener = AdminSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), "lb.admin.remote");
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using TcpClient v4 = new(AddressFamily.InterNetwork);
        v4.Connect(IPAddress.Loopback, port);
        using TcpClient v6 = new(AddressFamily.InterNetworkV6);
        v6.Connect(IPAddress.IPv6Loopback, port);
    }

    private static async Task<HttpStatusCode> RunAsync(HttpClient http, string command, params string[] arguments) =>
        (await SecuredNode.RunAsync(http, command, arguments)).Status;

    private static async Task ForbiddenAsync(HttpClient http, string detail, string command, params string[] arguments)
    {
        (HttpStatusCode status, JsonElement problem) = await SecuredNode.RunAsync(http, command, arguments);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("forbidden", problem.GetProperty("code").GetString());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }
}
