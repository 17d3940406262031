namespace Lb.Hocon.Tests;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a=${b}\nb=1", """{"a":1,"b":1}""")]
    [InlineData("b=1\na=${b}\nb=2", """{"b":2,"a":2}""")]
    [InlineData("b={x:1}\na=${b}\nb={y:2}", """{"b":{"x":1,"y":2},"a":{"x":1,"y":2}}""")]
    [InlineData("a=${b.c.d}\nb.c.d=[1]", """{"a":[1],"b":{"c":{"d":[1]}}}""")]
    [InlineData("a=${ b }\nb=1", """{"a":1,"b":1}""")]
    [InlineData("a=${\"b.c\".d}\n\"b.c\".d=1", """{"a":1,"b.c":{"d":1}}""")]
    [InlineData("a=${b c}\nb c=1", """{"a":1,"b c":1}""")]
    [InlineData("a=\"${b}\"", """{"a":"${b}"}""")]
    [InlineData("a=${b}\" is ${b}\"\nb=x", """{"a":"x is ${b}","b":"x"}""")]
    [InlineData("a=[${b},${b}]\nb=1", """{"a":[1,1],"b":1}""")]
    [InlineData("a={b:${c}},c=${a.d},a.d=1", """{"a":{"b":1,"d":1},"c":1}""")]
    [InlineData("a=null,b=${a}", """{"a":null,"b":null}""")]
    public void Substitution_takes_the_final_value(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=${?no}", "{}")]
    [InlineData("a=1\na=${?no}", """{"a":1}""")]
    [InlineData("a={x:1}\na=${?no}\na={y:2}", """{"a":{"x":1,"y":2}}""")]
    [InlineData("a=[1,${?no},2]", """{"a":[1,2]}""")]
    [InlineData("a=${?no}${?nope}", "{}")]
    [InlineData("a=${?no} ${?nope}", "{}")]
    [InlineData("a=[${?no}${?nope}]", """{"a":[]}""")]
    [InlineData("a=${?b},b=${?c}", "{}")]
    [InlineData("a=${?b.c},b=1", """{"b":1}""")]
    [InlineData("a=${?b}\nb=null", """{"a":null,"b":null}""")]
    public void Undefined_optional_vanishes(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=1\nb=${no}", "2:3")]
    [InlineData("a=[1,\n  ${no}]", "2:3")]
    [InlineData("a=x ${no.way} y", "1:5")]
    [InlineData("a=${b.c}\nb=1", "1:3")]
    [InlineData("a=${b}\nb=${?no}", "1:3")]
    [InlineData("a=${A}\nB=1", "1:3")]
    public void Undefined_substitution_is_refused(string text, string at) => Hocon.Refused(text, at, "nothing sets");

    [Fact]
    public void Every_undefined_substitution_is_reported_once()
    {
        IReadOnlyList<HoconError> errors = Hocon.Errors("a=${x}\nb=${a}\nc=${a}\nd=${y}");
        Assert.Equal([1, 4], errors.Select(e => e.Origin.Line));
    }

    [Theory]
    [InlineData("a=${}", "1:5", "a path")]
    [InlineData("a=${?}", "1:6", "a path")]
    [InlineData("a=${b", "1:6", "'}'")]
    [InlineData("a=${b\n}", "1:6", "'}'")]
    [InlineData("a=${ ?b}", "1:6", "'?'")]
    [InlineData("a=${b${c}}", "1:6", "'}'")]
    [InlineData("a=$b", "1:3", "${path}")]
    [InlineData("a=${b=c}", "1:6", "'}'")]
    public void Malformed_substitution_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("a=${no}\na=42", """{"a":42}""")]
    [InlineData("a=${a}\na=42", """{"a":42}""")]
    [InlineData("a=${b}\nb=${a}\na=1", """{"a":1,"b":1}""")]
    [InlineData("a=${no}x\na=[1]", """{"a":[1]}""")]
    public void Hidden_substitution_is_never_evaluated(string text, string json) => Hocon.Same(json, text);
}
