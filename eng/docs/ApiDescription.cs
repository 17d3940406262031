using System.Net;
using System.Net.Sockets;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Api;
using Lb.Host.Commands;
using Lb.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Docs;

/// <summary>docs/openapi.json: what the API of a node says of itself. Nobody answers for its site.</summary>
internal static class ApiDescription
{
    public static string Generate() => ReadAsync().GetAwaiter().GetResult();

    private static async Task<string> ReadAsync()
    {
        using Socket socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "loopback");
        await using WebApplication host = NodeHost.Build(
            [new ApiListener(socket, AccessRole.Read)],
            NullLoggerFactory.Instance,
            services => services
                .AddSingleton<NodeState>()
                .AddSingleton<SiteClient>()
                .AddSingleton<CommandContext>()
                .AddSingleton(new ClusterPart(null, NullLogger.Instance))
                .AddAkka("docs", akka => akka.WithActors((system, registry) =>
                    registry.Register<SiteActor>(system.DeadLetters))));
        await host.StartAsync();
        using HttpClient http = new();
        string text = await http.GetStringAsync(new Uri($"http://{socket.LocalEndPoint}{ApiDocument.Path}"));
        await host.StopAsync();
        return text.TrimEnd() + "\n";
    }
}
