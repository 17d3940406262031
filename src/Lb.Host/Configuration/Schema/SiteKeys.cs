namespace Lb.Host.Configuration;

/// <summary>The whole schema of a site file.</summary>
internal static class SiteKeys
{
    public static readonly SectionKey ServiceDefaults = new("service-defaults", ServiceKeys.DefaultsSection);

    public static readonly ElementsKey Services = new("services", ServiceKeys.Section, ServiceDefaults);

    public static readonly SectionKey Lb = new("lb", Section.Of(
        NodeKeys.Site, NodeKeys.Interfaces, NodeKeys.Attach, SpreadKeys.Key, NodeKeys.Kernel.Key, NodeKeys.Nat.Key,
        FullNatKeys.Key, NodeKeys.Flows.Key, NodeKeys.Plan.Key, NodeKeys.FlowLog.Key, NodeKeys.Journal.Key, ClusterKeys.Key, AnnounceKeys.Key,
        NodeKeys.Admin.Key, NodeKeys.Log.Key,
        NodeKeys.Metrics.Key, NodeKeys.Shutdown.Key, NodeKeys.HashSeed, ServiceDefaults, Services));

    /// <summary>Beside <see cref="Lb"/>: handed to the actor system as it is.</summary>
    public const string Akka = "akka";
}
