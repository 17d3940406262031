using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Host.Tests.Api;

public sealed class AdminApiTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly Socket _socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly WebApplication _app;
    private readonly NodeState _state;

    public AdminApiTests()
    {
        _http.BaseAddress = new Uri($"http://{_socket.LocalEndPoint}");
        _app = NodeHost.Build([new ApiListener(_socket, AccessRole.Admin)], NullLoggerFactory.Instance, services => services
            .AddSingleton<NodeState>()
            .AddSingleton<SiteClient>()
            .AddAkka("api-test", akka => akka.WithActors((system, registry) =>
                registry.Register<SiteActor>(system.ActorOf(Props.Create(() => new StubSite()))))));
        _state = _app.Services.GetRequiredService<NodeState>();
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _socket.Dispose();
    }

    [Fact]
    public async Task Services_are_listed_with_their_state()
    {
        JsonElement root = await GetAsync("/api/v1/services", HttpStatusCode.OK);
        Assert.Equal("stub", root.GetProperty("site").GetString());
        Assert.Equal(1, root.GetProperty("configRevision").GetInt32());
        JsonElement web = Assert.Single(root.GetProperty("services").EnumerateArray());
        Assert.Equal("2001:db8::1", web.GetProperty("vip").GetString());
        Assert.Equal("tcp", web.GetProperty("protocol").GetString());
        Assert.Equal("dsr-ipip", web.GetProperty("mode").GetString());
        Assert.Equal("minimal", web.GetProperty("tracking").GetString());
        Assert.Equal("sampled", web.GetProperty("flowLog").GetString());
        Assert.Equal(3, web.GetProperty("generation").GetInt64());
        Assert.True(web.GetProperty("inKernel").GetBoolean());
        Assert.Equal("d1g3st", web.GetProperty("digest").GetString());
        Assert.Equal(2, web.GetProperty("movedSlots").GetInt32());
        Assert.Equal(1000, web.GetProperty("counters").GetProperty("forwarded").GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Backends_carry_state_share_and_progress_of_their_drain()
    {
        JsonElement web = await GetAsync("/api/v1/services/web", HttpStatusCode.OK);
        JsonElement[] backends = [.. web.GetProperty("backends").EnumerateArray()];
        Assert.Equal(["up", "draining"], backends.Select(b => b.GetProperty("state").GetString()));
        Assert.Equal(0.5, backends[0].GetProperty("share").GetDouble());
        Assert.Equal(JsonValueKind.Null, backends[0].GetProperty("drain").ValueKind);
        Assert.Equal(7, backends[1].GetProperty("drain").GetProperty("previousSlots").GetInt32());
        Assert.Equal(9, backends[1].GetProperty("drain").GetProperty("trackedFlows").GetInt32());
    }

    [Fact]
    public async Task Node_tells_how_it_is_attached_and_what_it_dropped()
    {
        JsonElement node = await GetAsync("/api/v1/node", HttpStatusCode.OK);
        JsonElement attachment = Assert.Single(node.GetProperty("interfaces").EnumerateArray());
        Assert.Equal("generic", attachment.GetProperty("attach").GetString());
        Assert.Equal("no driver support", attachment.GetProperty("reason").GetString());
        Assert.Equal(5, node.GetProperty("verdicts").GetProperty("dropNoBackend").GetProperty("packets").GetInt64());
    }

    [Theory]
    [InlineData("/api/v1/services/nope")]
    [InlineData("/nope")]
    public async Task What_is_not_there_is_a_problem(string path)
    {
        JsonElement problem = await GetAsync(path, HttpStatusCode.NotFound);
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Doctor_of_a_node_without_a_configuration_is_unavailable()
    {
        JsonElement problem = await GetAsync("/api/v1/doctor", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("the node is starting", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Node_is_ready_from_the_first_tables_until_it_drains()
    {
        await GetAsync("/health/live", HttpStatusCode.OK);
        await GetAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        _state.Started = true;
        await GetAsync("/health/ready", HttpStatusCode.OK);
        _state.Draining = true;
        JsonElement problem = await GetAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("The node is ending.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public void Port_that_is_taken_is_one_clear_sentence()
    {
        NodeFailure failure = Assert.Throws<NodeFailure>(() => AdminSocket.Bind((IPEndPoint)_socket.LocalEndPoint!, "lb.admin"));
        Assert.Contains("is taken by another process", failure.Message);
    }

    private async Task<JsonElement> GetAsync(string path, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
