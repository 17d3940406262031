using System.Diagnostics;
using System.Text;

namespace Lb.Hocon.Tests;

/// <summary>Whatever the input, parsing ends soon, in bounded memory, with a document or with errors.</summary>
public sealed class HostileInputTests
{
    private const int Million = 1_000_000;

    /// <summary>Far above what linear work takes on a busy machine, far below what quadratic work takes on any.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Nested = new(StringComparer.Ordinal)
    {
        { "arrays", new string('[', Million) },
        { "closed arrays", new string('[', Million) + new string(']', Million) },
        { "objects", Repeat("{a:", Million) },
        { "braces after keys", Repeat("a{", Million) },
        { "long path", "a" + Repeat(".a", Million) + "=1" },
        { "substitution path in objects", Repeat("a{", 200) + Repeat("b.", 100) + "b=1" },
    };

    private static readonly Dictionary<string, string> Multiplying = new(StringComparer.Ordinal)
    {
        { "strings", Doubling("x", i => $"${{a{i}}}${{a{i}}}") },
        { "arrays", Doubling("[x]", i => $"${{a{i}}}${{a{i}}}") },
        { "nested arrays", Doubling("[x]", i => $"[${{a{i}}},${{a{i}}}]") },
        { "objects", Doubling("{x:1}", i => $"{{l:${{a{i}}},r:${{a{i}}}}}") },
        { "merged objects", Doubling("{x:1}", i => $"${{a{i}}}{{l:${{a{i}}},r:${{a{i}}}}}") },
        { "self-reference", "a=xx\n" + Repeat("a=${a}${a}\n", 60) },
        { "self-append", "a=[x]\n" + Repeat("a=${a}${a}\n", 60) },
        { "many copies of a long string", $"s={new string('s', Million)}\n" + Repeat("x=[${s}a,${s}b,${s}c,${s}d]\n", 1) + Many(30, i => $"y{i}=${{s}}-") },
    };

    private static readonly Dictionary<string, string> Long = new(StringComparer.Ordinal)
    {
        { "assignments", Repeat("a=1\n", 200_000) },
        { "different keys", Many(50_000, i => $"key{i}={i}") },
        { "paths", Many(50_000, i => $"a.b.c{i}={i}") },
        { "appends", Repeat("a+=1\n", 200_000) },
        { "merges", Many(50_000, i => $"a={{k{i % 10}:1}}") },
        { "optional overrides", "a=1\n" + Repeat("a=${?n}\n", 50_000) },
        { "array", "a=[" + Repeat("1,", 200_000) + "]" },
        { "string", "a=\"" + new string('x', 3 * Million) + "\"" },
        { "escapes", "a=\"" + Repeat("\\u0041", 200_000) + "\"" },
        { "quotes", "a=\"\"\"" + new string('"', 3 * Million) },
        { "words", "a=" + Repeat("x ", 200_000) },
        { "comments", Repeat("#\n", Million) },
        { "blank", new string(' ', 3 * Million) },
    };

    public static TheoryData<string> NestedNames => new(Nested.Keys);

    public static TheoryData<string> MultiplyingNames => new(Multiplying.Keys);

    public static TheoryData<string> LongNames => new(Long.Keys);

    [Theory]
    [MemberData(nameof(NestedNames))]
    public void Nesting_has_a_limit(string what) =>
        Assert.Contains("nesting", InTime(() => Hocon.Errors(Nested[what]))[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Small_stack_is_no_overflow()
    {
        Exception? caught = null;
        var thread = new Thread(
            () => caught = Record.Exception(() => Hocon.Json(new string('[', 100_000), Hocon.Options with { MaxDepth = int.MaxValue })),
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.IsType<HoconException>(caught);
    }

    [Theory]
    [MemberData(nameof(MultiplyingNames))]
    public void Multiplication_has_a_limit(string what) =>
        Assert.Contains("multiply", InTime(() => Hocon.Errors(Multiplying[what]))[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Chain_of_substitutions_has_a_limit()
    {
        string chain = Many(100_000, i => $"a{i}=${{a{i + 1}}}") + "a100000=1";
        Assert.Contains("shorten the chain", InTime(() => Hocon.Errors(chain))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_by_substitution_has_a_limit()
    {
        string nested = "a0=1\n" + Many(400, i => $"a{i + 1}={{x:${{a{i}}}}}");
        Assert.Contains("nest deeper", InTime(() => Hocon.Errors(nested))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Includes_that_multiply_have_a_limit()
    {
        HoconOptions options = Hocon.Options with
        {
            OpenFile = path => new MemoryStream(Encoding.UTF8.GetBytes(
                $"include \"{Path.GetFileNameWithoutExtension(path)}x.conf\"\ninclude \"{Path.GetFileNameWithoutExtension(path)}y.conf\"")),
        };
        Assert.Contains("includes", InTime(() => Hocon.Errors("include \"f.conf\"", options))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_without_end_has_a_limit()
    {
        HoconOptions options = Hocon.Options with { OpenFile = _ => new EndlessStream() };
        Assert.Contains("larger than the limit", InTime(() => Hocon.Errors("include \"f.conf\"", options))[0].Message, StringComparison.Ordinal);
        Assert.Contains("larger than the limit", Hocon.Errors(new string(' ', 5 * Million))[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LongNames))]
    public void Long_input_is_read_in_linear_time(string what) =>
        Assert.NotNull(InTime(() => Hocon.Resolve(Long[what])));

    private static T InTime<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Deadline);
        return result;
    }

    private static string Repeat(string part, int times) => new StringBuilder().Insert(0, part, times).ToString();

    private static string Many(int count, Func<int, string> line) =>
        string.Join('\n', Enumerable.Range(0, count).Select(line)) + "\n";

    private static string Doubling(string first, Func<int, string> next) =>
        $"a0={first}\n" + Many(60, i => $"a{i + 1}={next(i)}");

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }
    }
}
