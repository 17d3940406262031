using System.Collections.Immutable;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Holds a resolved document against the schema and the rules.</summary>
internal static class SiteCheck
{
    /// <summary>The records; null when an error was found.</summary>
    public static LoadedConfig? Run(HoconObject root, IssueList issues)
    {
        ReportUnknown(root, issues);
        SectionValues top = new SectionReader(issues).Read(
            Section.Of(SiteKeys.Lb), new Layers(root.Origin, [WithoutOthers(root)]), new HoconPath());
        SectionValues lb = top.Get(SiteKeys.Lb);
        ImmutableArray<ServiceDraft> services =
            [.. lb.Get(SiteKeys.Services).Select(element => new ServiceDraft(element))];
        foreach (ServiceDraft service in services)
        {
            issues.AddRange(HealthRules.Check(service));
            issues.AddRange(ForwardingRules.Check(service));
            issues.AddRange(GreetingRules.Check(service));
            issues.AddRange(PoolRules.Check(service));
            issues.AddRange(PoolPolicyRules.Check(service));
        }

        issues.AddRange(SiteRules.Check(services));
        issues.AddRange(NodeRules.Check(lb, services));
        return issues.HasErrors
            ? null
            : new LoadedConfig(SiteBinder.Bind(lb, services), NodeBinder.Bind(lb), root);
    }

    private static HoconObject WithoutOthers(HoconObject root) =>
        new(root.Fields.Where(f => f.Key == SiteKeys.Lb.Name), root.Origin);

    private static void ReportUnknown(HoconObject root, IssueList issues)
    {
        foreach (HoconField field in root.Fields.Where(f => f.Key != SiteKeys.Lb.Name && f.Key != SiteKeys.Akka))
        {
            issues.Add(new(
                Severity.Error, field.KeyOrigin, new HoconPath(field.Key).ToString(), "is not known here",
                $"{SiteKeys.Lb.Name}, which holds all keys, or {SiteKeys.Akka}",
                $"move it into {SiteKeys.Lb.Name} {{ … }}, or remove it"));
        }
    }
}
