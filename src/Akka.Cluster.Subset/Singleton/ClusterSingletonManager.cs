using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs an actor on one member at a time: every member has a manager for it, and the one that holds the lease runs it.
/// </summary>
[SuppressMessage("Design", "CA1052", Justification = "It is no static class in Akka.NET.")]
[SuppressMessage("Design", "RCS1102", Justification = "It is no static class in Akka.NET.")]
public sealed class ClusterSingletonManager
{
    private ClusterSingletonManager()
    {
    }

    /// <summary>Describes the manager of a singleton that ends on <see cref="PoisonPill"/>.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) =>
        Props(singletonProps, PoisonPill.Instance, settings);

    /// <summary>Describes the manager of a singleton that ends on a message.</summary>
    public static Props Props(
        Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings) =>
        Actor.Props.Create(() => new SingletonManager(singletonProps, terminationMessage, settings));
}
