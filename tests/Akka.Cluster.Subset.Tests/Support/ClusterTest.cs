using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Akka.Cluster.Subset.Tests.Support;

/// <summary>A test with nodes in one process: real sockets and a real database file, which they share.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-cluster-");
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems)
        {
            ((ExtendedActorSystem)system).Abort();
            await system.WhenTerminated.WaitAsync(Soon);
        }

        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    protected ActorSystem Start(int? port = null, string more = "")
    {
        var config = ConfigurationFactory.ParseString(more).WithFallback(ConfigurationFactory.ParseString(
            $$"""
              akka {
                loggers = [], loglevel = DEBUG
                coordinated-shutdown.default-phase-timeout = 20s
                remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port ?? FreePort()}} }
                cluster {
                  roles = [node]
                  failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 2s }
                  split-brain-resolver.stable-after = 2s
                  singleton { use-lease = lb.lease, lease-retry-interval = 200ms }
                  singleton-proxy.singleton-identification-interval = 100ms
                }
              }
              lb.cluster {
                provider-name = SQLite
                connection-string = "Data Source={{_directory.FullName}}/cluster.db"
                poll-interval = 300ms
              }
              lb.lease {
                lease-class = "Akka.Cluster.Subset.Tests.Support.CuttableLease, Akka.Cluster.Subset.Tests"
                provider-name = SQLite
                connection-string = "Data Source={{_directory.FullName}}/cluster.db"
                heartbeat-timeout = 4s
                heartbeat-interval = 200ms
                lease-operation-timeout = 2s
                safety-margin = 2s
              }
              """));
        var system = ActorSystem.Create("test", config);
        _systems.Add(system);
        return system;
    }

    protected ActorSystem Join(int? port = null)
    {
        var system = Start(port);
        var cluster = Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
        return system;
    }

    protected static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    protected static bool IsUp(ActorSystem system, int members)
    {
        var cluster = Cluster.Get(system);
        return cluster.IsUp && cluster.State.Members.Count == members && cluster.State.Unreachable.IsEmpty
            && cluster.State.Members.All(member => member.Status is MemberStatus.Up);
    }

    protected static async Task Kill(ActorSystem system)
    {
        ((ExtendedActorSystem)system).Abort();
        await system.WhenTerminated.WaitAsync(Soon);
    }
}
