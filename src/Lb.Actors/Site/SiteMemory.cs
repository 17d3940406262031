namespace Lb.Actors;

/// <summary>
/// The config that holds. It lives beside the actor, so that a crash of the site does not take it back to the config
/// it was started with.
/// </summary>
public sealed class SiteMemory(SiteConfig config)
{
    /// <summary>Name of the site, for as long as it runs.</summary>
    public string Site { get; } = config.Name;

    /// <summary>The config; only the site's actor sets it.</summary>
    public SiteConfig Config { get; set; } = config;
}
