using Akka.Actor;

namespace Lb.ActorBench.Actors;

/// <summary>Many actors that have all started.</summary>
internal static class Crowd
{
    public static void Start(ActorSystem system, int actors)
    {
        using var started = new CountdownEvent(actors);
        var props = Props.Create(() => new Idler(started));
        for (var i = 0; i < actors; i++)
        {
            system.ActorOf(props);
        }

        started.Wait();
    }
}
