using Lb.Docs;
using Lb.Host.Tests.Processes;
using Lb.Testing;

namespace Lb.Host.Tests.Documents;

/// <summary>The completion in a real bash: with a node it knows its names, without one its commands.</summary>
public sealed class BashCompletionTests
{
    [Theory]
    [InlineData("pbm serv", "service")]
    [InlineData("pbm ", "actor backend cluster config doctor help kernel log service --help --output --timeout --version --watch")]
    [InlineData("pbm log ", "help level tail")]
    [InlineData("pbm 10.0.0.1:9110 --output json log t", "tail")]
    [InlineData("pbm config rollback 7 --f", "--force")]
    [InlineData("pbm help cl", "cluster")]
    [InlineData("pbm nothing ", "")]
    public void Without_a_node_it_goes_by_the_commands_of_this_version(string line, string expected)
    {
        string[] candidates = Complete(line, "127.0.0.1:1", Command.TryRun);
        // Others may have added palettes: what is expected must be among them.
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), candidates.Where(c => expected.Length == 0
            || expected.Split(' ').Contains(c)));
    }

    [RootFact]
    public void With_a_node_it_completes_names_values_and_options()
    {
        using LbdProcess lbd = new();
        lbd.Configure("""
            services.web { vip = 203.0.113.10, port = 80
              backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
            services.mail { vip = 203.0.113.11, port = 25, backends.b3 { address = 10.77.1.4, port = 25 } }
            """);
        lbd.Start();
        Assert.Equal(["service"], Ask("pbm serv"));
        Assert.Equal(["mail", "web"], Ask("pbm service show "));
        Assert.Equal(["web"], Ask("pbm backend drain w"));
        Assert.Equal(["b1", "b2", "b3"], Ask("pbm backend drain web b"));
        Assert.Equal(["--plan"], Ask("pbm backend drain web b1 --p"));
        Assert.Equal(["json", "table"], Ask("pbm --output "));
        Assert.Equal(["json"], Ask("pbm --output j"));
        Assert.Equal(["info"], Ask("pbm log tail --level=i"));
        Assert.Equal(["--output"], Ask("pbm --out"));
        Assert.Equal(["web"], Ask("pbm 127.0.0.1:9110 --timeout 5s service show we"));
        Assert.Empty(Ask("pbm nothing "));
        Assert.Empty(Ask("pbm --output xml service "));

        string[] Ask(string line) => Complete(line, "", (_, arguments) => lbd.RunInNamespace("bash", [.. arguments]));
    }

    private static string[] Complete(
        string line, string host, Func<string, IReadOnlyList<string>, (int ExitCode, string Output, string Error)> run)
    {
        string script = $$"""
            export PATH='{{AppContext.BaseDirectory}}':$PATH PBM_HOST='{{host}}'
            source /dev/stdin <<'COMPLETION'
            {{BashCompletion.Generate()}}
            COMPLETION
            COMP_LINE='{{line}}'
            COMP_POINT=${#COMP_LINE}
            _pbm pbm
            printf '%s\n' "${COMPREPLY[@]}"
            complete -p pbm >&2
            """;
        (int exitCode, string output, string error) = run("bash", ["--norc", "-c", script]);
        Assert.Equal((0, "complete -F _pbm pbm\n"), (exitCode, error));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .OrderBy(word => word.StartsWith('-'))
            .ThenBy(word => word, StringComparer.Ordinal)];
    }
}
