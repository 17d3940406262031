namespace Lb.Actors;

/// <summary>Compares configs.</summary>
internal static class ConfigChange
{
    /// <summary>The services that differ, as the answer of a revision that is still to be numbered.</summary>
    public static ConfigApplied Between(SiteConfig before, SiteConfig after) => new(
        0,
        [.. after.Services.Keys.Where(name => !before.Services.ContainsKey(name))],
        [.. after.Services.Values
            .Where(service => before.Services.TryGetValue(service.Name, out ServiceConfig? old) && !Same(old, service))
            .Select(service => service.Name)],
        [.. before.Services.Keys.Where(name => !after.Services.ContainsKey(name))],
        []);

    /// <summary>Records compare their collections by reference; here what is in them counts.</summary>
    public static bool Same(ServiceConfig a, ServiceConfig b) =>
        ReferenceEquals(a, b)
        || (a with { Backends = b.Backends, Health = b.Health } == b
            && a.Backends.Values.SequenceEqual(b.Backends.Values)
            && Same(a.Health, b.Health));

    private static bool Same(HealthConfig a, HealthConfig b) => (a.Check, b.Check) switch
    {
        (HealthCheck.HttpGet x, HealthCheck.HttpGet y) =>
            a with { Check = b.Check } == b
            && x with { Statuses = y.Statuses } == y
            && x.Statuses.SetEquals(y.Statuses),
        _ => a == b,
    };
}
