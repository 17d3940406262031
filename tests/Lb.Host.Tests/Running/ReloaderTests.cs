using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Host.Running;
using Lb.Host.Tests.Api;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Host.Tests.Running;

public sealed class ReloaderTests
{
    [Fact]
    public async Task Reload_that_meets_ended_actors_fails_alone()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "lb.interfaces = [eth0]");
            ActorSystem system = ActorSystem.Create("reload-test");
            ActorRegistry.For(system).Register<SiteActor>(system.ActorOf(Props.Create(() => new StubSite())));
            SiteClient site = new(new RequiredActor<SiteActor>(ActorRegistry.For(system)));
            await system.Terminate();
            LoadedConfig config = ConfigLoader.LoadFile(file).Config!;
            Reloader reloader = new(
                config, file, site, new NodeState(), new LogThreshold(LogLevel.Information), null,
                NullLogger.Instance);
            Channel<bool> requests = Channel.CreateUnbounded<bool>();
            requests.Writer.TryWrite(true);
            requests.Writer.Complete();

            await reloader.RunAsync(requests.Reader, CancellationToken.None);

            Assert.Same(config.Node, reloader.Options);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
