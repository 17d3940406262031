using Akka.Actor;

namespace Lb.ActorBench;

/// <summary>An actor system that ends with its scope.</summary>
internal sealed class BenchSystem : IDisposable
{
    public BenchSystem(string config = "", Func<BootstrapSetup, Akka.Actor.Setup.ActorSystemSetup>? setup = null)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig("akka { loggers = [], log-dead-letters = off }\n" + config);
        System = ActorSystem.Create("bench", setup?.Invoke(bootstrap) ?? Akka.Actor.Setup.ActorSystemSetup.Create(bootstrap));
    }

    public ActorSystem System { get; }

    public void Dispose()
    {
        System.Terminate().Wait();
        System.Dispose();
    }
}
