namespace Lb.Hocon.Tests;

public sealed class ConversionTests
{
    private static HoconValue Value(string text) => Hocon.At("a=" + text, "a");

    [Theory]
    [InlineData("x", "x")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("null", null)]
    [InlineData("[x]", null)]
    [InlineData("{}", null)]
    public void String(string text, string? expected) => Check(expected, Value(text).TryGetString());

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    [InlineData("Yes", null)]
    [InlineData("1", null)]
    [InlineData("null", null)]
    public void Boolean(string text, bool? expected) => Check(expected, Value(text).TryGetBoolean());

    [Theory]
    [InlineData("42", 42)]
    [InlineData("\"42\"", 42)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("1e3", 1000)]
    [InlineData("2.0", 2)]
    [InlineData("2.5", null)]
    [InlineData("2147483648", null)]
    [InlineData("1e999", null)]
    [InlineData("\" 42\"", null)]
    [InlineData("+4", null)]
    [InlineData("x", null)]
    [InlineData("true", null)]
    public void Int32(string text, int? expected)
    {
        if (text[0] != '+')
        {
            Check(expected, Value(text).TryGetInt32());
        }

        Check(expected, new HoconString(text.Trim('"')).TryGetInt32());
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    public void Int64(string text, long? expected) => Check(expected, Value(text).TryGetInt64());

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("\"-1e3\"", -1000.0)]
    [InlineData("1e999", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    public void Double(string text, double? expected) => Check(expected, Value(text).TryGetDouble());

    [Theory]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("{\"0\":a,\"1\":b}", """["a","b"]""")]
    [InlineData("{\"10\":c,\"2\":b,x:n,\"-1\":n,\"1.5\":n}", """["b","c"]""")]
    [InlineData("{}", null)]
    [InlineData("{x:1}", null)]
    [InlineData("x", null)]
    [InlineData("null", null)]
    public void Array(string text, string? json) => Check(json, Value(text).TryGetArray(), a => a.ToString());

    [Fact]
    public void Object()
    {
        Assert.True(Value("{}").TryGetObject().IsOk);
        Assert.False(Value("[]").TryGetObject().IsOk);
    }

    [Theory]
    [InlineData("5", 50_000L)]
    [InlineData("\"5\"", 50_000L)]
    [InlineData("0.5", 5_000L)]
    [InlineData("100ns", 1L)]
    [InlineData("150 nanos", 1L)]
    [InlineData("1us", 10L)]
    [InlineData("1 microsecond", 10L)]
    [InlineData("250ms", 2_500_000L)]
    [InlineData("\" 250 millis \"", 2_500_000L)]
    [InlineData("1.5s", 15_000_000L)]
    [InlineData("2 seconds", 20_000_000L)]
    [InlineData("1m", 600_000_000L)]
    [InlineData("1 hour", 36_000_000_000L)]
    [InlineData("1e1d", 8_640_000_000_000L)]
    [InlineData("-1s", -10_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("1S", null)]
    [InlineData("1 fortnight", null)]
    [InlineData("s", null)]
    [InlineData("1 2 s", null)]
    [InlineData("1e30d", null)]
    [InlineData("99999999d", null)]
    [InlineData("1,000ms", null)]
    [InlineData("true", null)]
    [InlineData("null", null)]
    public void Duration(string text, long? ticks)
    {
        HoconValue value = text.Contains(',') ? new HoconString(text) : Value(text);
        Check(ticks is { } t ? new TimeSpan(t) : (TimeSpan?)null, value.TryGetDuration());
    }

    [Theory]
    [InlineData("3", 0, 3)]
    [InlineData("1 day", 0, 1)]
    [InlineData("2w", 0, 14)]
    [InlineData("3 months", 3, 0)]
    [InlineData("1mo", 1, 0)]
    [InlineData("1y", 12, 0)]
    [InlineData("1.5d", null, null)]
    [InlineData("1h", null, null)]
    [InlineData("99999999y", null, null)]
    public void Period(string text, int? months, int? days) => Check(
        months is null ? (HoconPeriod?)null : new HoconPeriod(months.Value, days!.Value), Value(text).TryGetPeriod());

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("5B", 5L)]
    [InlineData("5 bytes", 5L)]
    [InlineData("1kB", 1_000L)]
    [InlineData("1 kilobyte", 1_000L)]
    [InlineData("1MB", 1_000_000L)]
    [InlineData("3 gigabytes", 3_000_000_000L)]
    [InlineData("1TB", 1_000_000_000_000L)]
    [InlineData("1PB", 1_000_000_000_000_000L)]
    [InlineData("1EB", 1_000_000_000_000_000_000L)]
    [InlineData("1K", 1_024L)]
    [InlineData("1k", 1_024L)]
    [InlineData("1Ki", 1_024L)]
    [InlineData("512 KiB", 524_288L)]
    [InlineData("1m", 1_048_576L)]
    [InlineData("0.5M", 524_288L)]
    [InlineData("1 gibibyte", 1_073_741_824L)]
    [InlineData("1T", 1_099_511_627_776L)]
    [InlineData("1PiB", 1_125_899_906_842_624L)]
    [InlineData("7e", 8_070_450_532_247_928_832L)]
    [InlineData("8E", null)]
    [InlineData("1ZB", null)]
    [InlineData("1Yi", null)]
    [InlineData("0 yobibytes", 0L)]
    [InlineData("1KB", null)]
    [InlineData("1kb", null)]
    [InlineData("-1K", null)]
    [InlineData("99999999999999999 YiB", null)]
    [InlineData("x", null)]
    public void Size(string text, long? bytes) => Check(bytes, Value(text).TryGetSize());

    [Fact]
    public void Failed_conversion_says_where_what_and_how()
    {
        HoconError? error = Hocon.At("a {\n  wait = soon\n}", "a.wait").TryGetDuration().Error;
        Assert.Equal(
            "test.conf:2:10: found the string \"soon\", expected a duration; write a number with ns, us, ms, s, m, h or d, such as 250ms",
            error?.Message);
    }

    private static void Check<T>(T? expected, HoconResult<T> actual)
        where T : struct
    {
        Assert.Equal(expected.HasValue, actual.TryGet(out T value, out _));
        Assert.Equal(expected ?? default, value);
    }

    private static void Check(string? expected, HoconResult<string> actual) => Check(expected, actual, s => s);

    private static void Check<T>(string? expected, HoconResult<T> actual, Func<T, string> text) =>
        Assert.Equal(expected, actual.TryGet(out T? value, out _) ? text(value) : null);
}
