namespace Lb.Host.Tests.Metrics;

public sealed class DocumentationTests
{
    [Fact]
    public void Promtool_finds_the_documented_alert_rules_right() =>
        Assert.Contains("SUCCESS: 2 rules found", Promtool.CheckRules(Documentation.Rules));
}
