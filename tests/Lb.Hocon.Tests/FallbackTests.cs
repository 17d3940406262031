namespace Lb.Hocon.Tests;

/// <summary>Documents below documents, and the environment below them all.</summary>
public sealed class FallbackTests
{
    private static readonly HoconOptions Environment = Hocon.Options with
    {
        Environment = static name => name switch { "HOME" => "/root", "EMPTY" => "", "PORT" => "80", _ => null },
    };

    [Theory]
    [InlineData("a=1", "a=2,b=3", """{"a":1,"b":3}""")]
    [InlineData("a={x:1}", "a={x:2,y:3}", """{"a":{"x":1,"y":3}}""")]
    [InlineData("a=${b}", "b=1", """{"b":1,"a":1}""")]
    [InlineData("b=2", "a=${b},b=1", """{"a":2,"b":2}""")]
    [InlineData("a=${a}[2]", "a=[1]", """{"a":[1,2]}""")]
    [InlineData("a+=2", "a=[0],a+=1", """{"a":[0,1,2]}""")]
    [InlineData("a=${?no}", "a=[0]\na=${a}[1]", """{"a":[0,1]}""")]
    [InlineData("a=5", "a=${no}", """{"a":5}""")]
    public void Fallback_stands_as_if_written_before(string main, string fallback, string json)
    {
        HoconDocument below = Hocon.Parse(fallback);
        Assert.Equal(Hocon.Resolve(json), Hocon.Parse(main).WithFallback(below).Resolve());
        Assert.Equal(Hocon.Resolve(json), Hocon.Resolve(fallback + "\n" + main));
    }

    [Fact]
    public void Non_object_between_documents_cuts_the_merge()
    {
        HoconDocument first = Hocon.Parse("a={x:1}");
        HoconDocument number = Hocon.Parse("a=42");
        HoconDocument other = Hocon.Parse("a={y:2}");
        Assert.Equal("""{"a":{"x":1}}""", first.WithFallback(number).WithFallback(other).Resolve().ToString());
        Assert.Equal("""{"a":{"y":2,"x":1}}""", first.WithFallback(other).WithFallback(number).Resolve().ToString());
    }

    [Fact]
    public void Document_is_unchanged_by_use_as_fallback()
    {
        HoconDocument below = Hocon.Parse("a={x:1}");
        Hocon.Parse("a={x:2,y:3}").WithFallback(below).Resolve();
        Assert.Equal("""{"a":{"x":1}}""", below.Resolve().ToString());
    }

    [Theory]
    [InlineData("a=${HOME}", """{"a":"/root"}""")]
    [InlineData("a=${?HOME}/x", """{"a":"/root/x"}""")]
    [InlineData("HOME=${HOME}", """{"HOME":"/root"}""")]
    [InlineData("HOME=/h,a=${HOME}", """{"HOME":"/h","a":"/h"}""")]
    [InlineData("HOME=null,a=${HOME}", """{"HOME":null,"a":null}""")]
    [InlineData("a=x,a=${?NOPE}", """{"a":"x"}""")]
    [InlineData("a=${EMPTY}", """{"a":""}""")]
    [InlineData("PORT=[1],PORT+=2", """{"PORT":[1,2]}""")]
    public void Environment_answers_what_no_document_sets(string text, string json) => Hocon.Same(json, text, Environment);

    [Fact]
    public void Environment_value_is_a_string_that_converts_and_names_its_source()
    {
        Assert.True(Hocon.Resolve("a=${PORT}", Environment).TryGet("a", out HoconValue? port));
        Assert.Equal(new HoconString("80"), port);
        Assert.Equal(80, port.TryGetInt32().Value);
        Assert.Equal("environment variable PORT used at test.conf:1:3", port.Origin.ToString());
    }

    [Fact]
    public void Array_root_resolves_as_a_value_only()
    {
        Assert.Equal("[1]", Hocon.Parse("[1]").ResolveValue().ToString());
        HoconException e = Assert.Throws<HoconException>(() => Hocon.Parse("\n[1]").Resolve());
        Assert.Equal("test.conf:2:1", e.Errors[0].Origin.ToString());
    }
}
