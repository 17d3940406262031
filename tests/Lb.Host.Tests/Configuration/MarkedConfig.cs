using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

/// <summary>A configuration in which <c>▸</c> marks the place that an issue is expected at.</summary>
internal sealed class MarkedConfig
{
    private const char Mark = '▸';
    private const string Source = "broken.conf";

    private MarkedConfig(string marked)
    {
        int at = marked.IndexOf(Mark);
        Assert.True(at >= 0, $"the configuration marks no place with {Mark}");
        string before = marked[..at];
        Line = before.Count(c => c == '\n') + 1;
        Column = at - before.LastIndexOf('\n');
        Result = ConfigLoader.LoadText(marked.Remove(at, 1), Source);
    }

    public int Line { get; }

    public int Column { get; }

    public LoadResult Result { get; }

    /// <summary>The issue at the mark; it must be the only one.</summary>
    public static ConfigIssue Only(string marked)
    {
        MarkedConfig config = new(marked);
        ConfigIssue issue = Assert.Single(config.Result.Issues);
        Assert.Equal(Source, issue.Origin.Source);
        Assert.Equal((config.Line, config.Column), (issue.Origin.Line, issue.Origin.Column));
        Assert.Equal(issue.Severity == Severity.Error, config.Result.Config is null);
        return issue;
    }

    /// <summary>The only issue of a configuration is an error at the mark that says this.</summary>
    public static void AssertError(string marked, string key, string problem, string expected, string mend)
    {
        ConfigIssue issue = Only(marked);
        Assert.Equal(Severity.Error, issue.Severity);
        Assert.Equal(key, issue.Key);
        Assert.Contains(problem, issue.Problem);
        Assert.Contains(expected, issue.Expected);
        Assert.Contains(mend, issue.Mend);
    }

    /// <summary>A site with these lines in <c>lb</c>.</summary>
    public static string Node(string lines) => $$"""
        lb {
          interfaces = [eth0]
          {{lines}}
        }
        """;

    /// <summary>A site with one service that has these lines beside VIP and port.</summary>
    public static string Service(string lines, string backends = "b1 { address = 10.0.2.11 }") => $$"""
        lb {
          interfaces = [eth0]
          services {
            web {
              vip = 192.0.2.10
              port = 80
              {{lines}}
              backends { {{backends}} }
            }
          }
        }
        """;

    /// <summary>A site with one backend of these lines.</summary>
    public static string Backend(string lines) => Service("", $"b1 {{ {lines} }}");
}
