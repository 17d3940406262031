using System.Net.Sockets;
using System.Net;
using Akka.Actor;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Host.Tests.Metrics;

/// <summary>A node's API in front of a site that answers with one snapshot, or not at all.</summary>
internal sealed class MeteredNode : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly Socket _socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly WebApplication _app;

    private MeteredNode(ServicesSnapshot? snapshot)
    {
        _http.BaseAddress = new Uri($"http://{_socket.LocalEndPoint}");
        _app = NodeHost.Build([new ApiListener(_socket, AccessRole.Admin)], NullLoggerFactory.Instance, services => services
            .AddSingleton<NodeState>()
            .AddSingleton<SiteClient>()
            .AddAkka("metrics-test", akka => akka.WithActors((system, registry) =>
                registry.Register<SiteActor>(system.ActorOf(Props.Create(() => new Answering(snapshot)))))));
    }

    public static async Task<MeteredNode> StartAsync(ServicesSnapshot? snapshot)
    {
        MeteredNode node = new(snapshot);
        await node._app.StartAsync();
        return node;
    }

    /// <summary>What a scrape gets.</summary>
    public async Task<string> ScrapeAsync()
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _socket.Dispose();
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering(ServicesSnapshot? snapshot) => Receive<GetServices>(_ =>
        {
            if (snapshot is not null)
            {
                Sender.Tell(snapshot);
            }
        });
    }
}
